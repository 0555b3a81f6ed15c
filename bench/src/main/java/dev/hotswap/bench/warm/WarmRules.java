package dev.hotswap.bench.warm;

import dev.hotswap.api.WarmUp;
import dev.hotswap.bench.contract.Rules;

/** Answers the version it belongs to, compiled by the time of its first caller. */
final class WarmRules implements Rules, WarmUp {
  private static final int CALLS = 20_000; // the JIT compiles what is called some thousand times

  private final String version;

  WarmRules(String version) {
    this.version = version;
  }

  @Override
  public Object evaluate() {
    return version;
  }

  @Override
  public void warmUp() {
    for (int i = 0; i < CALLS; i++) {
      if (!evaluate().equals(version)) {
        throw new IllegalStateException(version);
      }
    }
  }
}
