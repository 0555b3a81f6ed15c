package dev.hotswap.examples.rules.v2;

import dev.hotswap.examples.rules.Rules;
import dev.hotswap.examples.rules.RulesData;
import dev.hotswap.examples.rules.Stamp;
import dev.hotswap.examples.rules.Verdict;
import org.osgi.service.component.annotations.Component;

/** Version 2 of the rules: a score is the input's square. */
@Component
public final class SquaringRules implements Rules {
  private final RulesData data =
      new RulesData(Stamp.now("2.0.0"), "a score is the input's square", 500);

  @Override
  public RulesData data() {
    return data;
  }

  @Override
  public Verdict evaluate(int input) {
    return new Verdict(data.stamp(), input * input);
  }
}
