package dev.hotswap.examples.rules.v2;

import dev.hotswap.api.KeepsState;
import dev.hotswap.api.StateKeeper;
import dev.hotswap.examples.rules.Exemptions;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.examples.rules.RulesData;
import dev.hotswap.examples.rules.Stamp;
import dev.hotswap.examples.rules.Verdict;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.service.component.annotations.Component;

/**
 * Version 2 of the rules: a score is the input's square. Of an exemption it keeps the reason too.
 */
@Component
@KeepsState
public final class SquaringRules implements Rules, StateKeeper {
  private final RulesData data =
      new RulesData(Stamp.now("2.0.0"), "a score is the input's square", 500);
  private final Map<Integer, String> exempt = new ConcurrentSkipListMap<>();

  @Override
  public RulesData data() {
    return data;
  }

  @Override
  public Verdict evaluate(int input) {
    return new Verdict(data.stamp(), input * input);
  }

  @Override
  public void exempt(int input, String why) {
    exempt.put(input, why);
  }

  @Override
  public Optional<String> exemption(int input) {
    return Optional.ofNullable(exempt.get(input));
  }

  @Override
  public Object giveState() {
    return new Exemptions(exempt.keySet(), exempt);
  }

  /** What comes without a reason is from before there were any. */
  @Override
  public void takeState(Object state, String fromVersion) {
    Exemptions given = (Exemptions) state;
    given.inputs().forEach(input -> exempt.put(input, "since " + fromVersion));
    exempt.putAll(given.reasons());
  }
}
