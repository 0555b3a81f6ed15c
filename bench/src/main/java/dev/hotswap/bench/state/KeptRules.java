package dev.hotswap.bench.state;

import dev.hotswap.api.StateKeeper;
import dev.hotswap.bench.contract.Rules;

/** Answers the version it belongs to; its state is how many versions there have been. */
final class KeptRules implements Rules, StateKeeper {
  private final String version;
  private volatile long versions = 1;

  KeptRules(String version) {
    this.version = version;
  }

  @Override
  public Object evaluate() {
    return version;
  }

  @Override
  public Object giveState() {
    return versions;
  }

  @Override
  public void takeState(Object state, String fromVersion) {
    versions = 1 + (Long) state;
  }
}
