package dev.hotswap.examples.rules;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** The contract: some data and some functions. Implementations are thread-safe. */
@ConsumerType
public interface Rules {
  /** The data of this version. */
  RulesData data();

  /** The verdict of this version on one input. */
  Verdict evaluate(int input);

  /** Notes that an input is exempt. That survives swaps: it is the state of the rules. */
  void exempt(int input, String why);

  /** Why an input is exempt, as far as this version keeps that; empty where it is not. */
  Optional<String> exemption(int input);

  /** Data and verdict together; in one call, so that they come from one version. */
  default Answer answer(int input) {
    return new Answer(data(), evaluate(input));
  }
}
