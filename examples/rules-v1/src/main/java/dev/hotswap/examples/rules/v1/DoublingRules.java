package dev.hotswap.examples.rules.v1;

import dev.hotswap.api.KeepsState;
import dev.hotswap.api.StateKeeper;
import dev.hotswap.examples.rules.Exemptions;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.examples.rules.RulesData;
import dev.hotswap.examples.rules.Stamp;
import dev.hotswap.examples.rules.Verdict;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Version 1 of the rules: a score is twice the input. Of an exemption it keeps the input only. */
@KeepsState
final class DoublingRules implements Rules, StateKeeper {
  private final RulesData data =
      new RulesData(Stamp.now("1.0.0"), "a score is twice the input", 50);
  private final Set<Integer> exempt = new ConcurrentSkipListSet<>();

  @Override
  public RulesData data() {
    return data;
  }

  @Override
  public Verdict evaluate(int input) {
    return new Verdict(data.stamp(), 2 * input);
  }

  @Override
  public void exempt(int input, String why) {
    exempt.add(input);
  }

  @Override
  public Optional<String> exemption(int input) {
    return exempt.contains(input) ? Optional.of("exempt") : Optional.empty();
  }

  @Override
  public Object giveState() {
    return Exemptions.of(exempt);
  }

  /** Of what version 2 gives it leaves the reasons out. */
  @Override
  public void takeState(Object state, String fromVersion) {
    exempt.addAll(((Exemptions) state).inputs());
  }
}
