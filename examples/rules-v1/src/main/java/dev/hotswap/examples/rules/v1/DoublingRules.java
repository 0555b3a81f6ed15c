package dev.hotswap.examples.rules.v1;

import dev.hotswap.examples.rules.Rules;
import dev.hotswap.examples.rules.RulesData;
import dev.hotswap.examples.rules.Stamp;
import dev.hotswap.examples.rules.Verdict;

/** Version 1 of the rules: a score is twice the input. */
final class DoublingRules implements Rules {
  private final RulesData data =
      new RulesData(Stamp.now("1.0.0"), "a score is twice the input", 50);

  @Override
  public RulesData data() {
    return data;
  }

  @Override
  public Verdict evaluate(int input) {
    return new Verdict(data.stamp(), 2 * input);
  }
}
