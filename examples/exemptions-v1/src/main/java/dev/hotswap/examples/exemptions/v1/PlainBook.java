package dev.hotswap.examples.exemptions.v1;

import dev.hotswap.api.KeepsState;
import dev.hotswap.api.StateKeeper;
import dev.hotswap.examples.rules.ExemptionBook;
import dev.hotswap.examples.rules.Exemptions;
import dev.hotswap.examples.rules.Stamp;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Version 1: of an exemption it keeps the input only. */
@KeepsState
final class PlainBook implements ExemptionBook, StateKeeper {
  private final Stamp stamp = Stamp.now("1.0.0");
  private final Set<Integer> exempt = new ConcurrentSkipListSet<>();

  @Override
  public Stamp stamp() {
    return stamp;
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
