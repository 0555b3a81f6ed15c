package dev.hotswap.examples.rules;

import org.osgi.annotation.versioning.ConsumerType;

/** The contract: some data and some functions. Implementations are thread-safe. */
@ConsumerType
public interface Rules {
  /** The data of this version. */
  RulesData data();

  /** The verdict of this version on one input. */
  Verdict evaluate(int input);

  /** Data and verdict together; in one call, so that they come from one version. */
  default Answer answer(int input) {
    return new Answer(data(), evaluate(input));
  }
}
