package dev.hotswap.examples.exemptions.v2;

import dev.hotswap.api.KeepsState;
import dev.hotswap.api.StateKeeper;
import dev.hotswap.examples.rules.ExemptionBook;
import dev.hotswap.examples.rules.Exemptions;
import dev.hotswap.examples.rules.Stamp;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.service.component.annotations.Component;

/** Version 2: of an exemption it keeps the reason too. */
@Component
@KeepsState
public final class ReasonedBook implements ExemptionBook, StateKeeper {
  private final Stamp stamp = Stamp.now("2.0.0");
  private final Map<Integer, String> exempt = new ConcurrentSkipListMap<>();

  @Override
  public Stamp stamp() {
    return stamp;
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
