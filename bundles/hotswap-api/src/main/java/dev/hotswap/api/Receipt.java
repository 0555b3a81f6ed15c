package dev.hotswap.api;

import java.time.Duration;
import java.util.Optional;

/**
 * The record of one swap that was not refused.
 *
 * @param id numbers the swaps of one host, from 1
 * @param plugin the bundle symbolic name
 * @param outcome what the swap came to
 * @param from the generation that was current before; empty on first deployment
 * @param to the generation that is current now; empty after an unload
 * @param answeredBy proof that new code answered: class and class loader of the probed service
 *     object; empty where nothing was published
 * @param stage from the swap's turn to the checked staged generation
 * @param publish the publish with its probe
 * @param retirement how {@code from} left; empty until it has
 */
public record Receipt(
    long id,
    String plugin,
    Outcome outcome,
    Optional<Generation> from,
    Optional<Generation> to,
    Optional<String> answeredBy,
    Duration stage,
    Duration publish,
    Optional<Retirement> retirement) {

  /** What a swap came to. */
  public enum Outcome {
    /** The new generation answers. */
    SWAPPED,
    /** The file has the very bytes that are current: nothing was done. */
    UNCHANGED,
    /** The plugin was unloaded; nothing took its place. */
    UNLOADED
  }
}
