package dev.hotswap.examples.rules;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A contract of plugins that keep state: which inputs the rules leave alone. What is noted survives
 * swaps. Implementations are thread-safe.
 */
@ConsumerType
public interface ExemptionBook {
  /** Who says so. */
  Stamp stamp();

  /** Notes that an input is exempt. */
  void exempt(int input, String why);

  /** Why an input is exempt, as far as this version keeps that; empty where it is not. */
  Optional<String> exemption(int input);
}
