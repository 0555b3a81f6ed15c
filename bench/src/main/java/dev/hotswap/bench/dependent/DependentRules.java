package dev.hotswap.bench.dependent;

import dev.hotswap.bench.contract.Rules;
import dev.hotswap.bench.library.Library;

/** Answers what the library says. */
final class DependentRules implements Rules {
  private final String version;

  DependentRules(String version) {
    this.version = version;
  }

  @Override
  public Object evaluate() {
    return Library.answer(version);
  }
}
