package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;

/** The middle of a chain of components: uses a clock of another plugin. */
public class ClockedGreeter extends ComponentGreeter {
  private volatile Clock clock;

  public void setClock(Clock given) {
    clock = given;
  }

  public void unsetClock(Clock given) {
    clock = null;
  }

  @Override
  public String version() {
    return LateLoaded.suffix(super.version()) + " at " + clock.version();
  }
}
