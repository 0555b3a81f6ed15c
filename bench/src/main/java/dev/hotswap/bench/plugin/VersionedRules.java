package dev.hotswap.bench.plugin;

import dev.hotswap.bench.contract.Rules;

/** Answers the version it belongs to. */
final class VersionedRules implements Rules {
  private final String version;

  VersionedRules(String version) {
    this.version = version;
  }

  @Override
  public Object evaluate() {
    return version;
  }
}
