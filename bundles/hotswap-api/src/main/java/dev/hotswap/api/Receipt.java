package dev.hotswap.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The record of one swap that was not refused.
 *
 * @param id numbers the swaps of one host, from 1
 * @param outcome what the swap came to
 * @param changes one for each plugin that it was about, those first that others are wired to; never
 *     empty
 * @param stage from the swap's turn to the checked staged generations
 * @param publish the publish with its probes
 */
public record Receipt(
    long id, Outcome outcome, List<Change> changes, Duration stage, Duration publish) {
  public Receipt {
    changes = List.copyOf(changes);
  }

  /** What a swap came to. */
  public enum Outcome {
    /** The new generations answer. */
    SWAPPED,
    /** The files have the very bytes that are current: nothing was done. */
    UNCHANGED,
    /** The generations before answer again, under new numbers. */
    ROLLED_BACK,
    /** The new generations answered, but the old ones were published again while they drained. */
    REVERSED,
    /** The plugin was unloaded; nothing took its place. */
    UNLOADED
  }

  /**
   * What became of one plugin.
   *
   * @param plugin the bundle symbolic name
   * @param from the generation that was current before; empty on first deployment
   * @param to the generation that took its place; empty after an unload
   * @param answeredBy proof that new code answered: class of the probed service object, and its
   *     generation; empty where the plugin offers no service or nothing was published
   * @param retirement how {@code from} left, or, of a swap that was reversed, how {@code to} did;
   *     empty until it has
   */
  public record Change(
      String plugin,
      Optional<Generation> from,
      Optional<Generation> to,
      Optional<String> answeredBy,
      Optional<Retirement> retirement) {}

  /** The change of that plugin, if the swap was about it. */
  public Optional<Change> change(String plugin) {
    return changes.stream().filter(change -> change.plugin().equals(plugin)).findFirst();
  }

  /** The plugin of the first change: the only one, where one file was swapped. */
  public String plugin() {
    return changes.get(0).plugin();
  }

  /** As {@link Change#from()} of the first change. */
  public Optional<Generation> from() {
    return changes.get(0).from();
  }

  /** As {@link Change#to()} of the first change. */
  public Optional<Generation> to() {
    return changes.get(0).to();
  }

  /** As {@link Change#answeredBy()} of the first change. */
  public Optional<String> answeredBy() {
    return changes.get(0).answeredBy();
  }

  /** As {@link Change#retirement()} of the first change. */
  public Optional<Retirement> retirement() {
    return changes.get(0).retirement();
  }
}
