package dev.hotswap.api;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has become of the classes of reclaimed generations. Each is watched until its class loader
 * is collected, by references that do not keep it. Thread-safe.
 */
public interface Leaks {
  /**
   * A reclaimed generation that has not been collected.
   *
   * @param generation which
   * @param swap by which it left
   * @param reclaimedAt when it was reclaimed
   * @param verdict by now; not {@link Verdict#COLLECTED}
   * @param leftovers what it had left behind
   * @param path what holds it, once somebody has asked; its verdict is {@link Verdict#WATCHED}
   *     where the heap has no path
   */
  record Watched(
      Generation generation,
      long swap,
      Instant reclaimedAt,
      Verdict verdict,
      List<Leftover> leftovers,
      Optional<HoldingPath> path) {
    public Watched {
      leftovers = List.copyOf(leftovers);
    }

    /** The same, now that this is the verdict. */
    public Watched with(Verdict next) {
      return new Watched(generation, swap, reclaimedAt, next, leftovers, path);
    }

    /**
     * The same, now that the heap was walked for it, with the verdict that this comes to. A walk
     * that finds no path takes back nothing that was proved: what is held stays held, by what no
     * dump shows.
     */
    public Watched with(HoldingPath found) {
      Verdict next =
          found.verdict() == Verdict.WATCHED && verdict == Verdict.HELD ? verdict : found.verdict();
      return new Watched(generation, swap, reclaimedAt, next, leftovers, Optional.of(found));
    }
  }

  /**
   * How many generations have come to which end since the host was opened.
   *
   * @param collected whose classes are gone
   * @param held found to be held, at any time; also those that were collected later
   * @param watched about whom it is too early to say
   */
  record Count(long collected, long held, long watched) {}

  /** Those that have not been collected, oldest first. */
  List<Watched> watched();

  /** How many came to which end. */
  Count count();

  /**
   * Has the JVM collect garbage now, and says what has become of all that are watched. That is a
   * pause for all threads, as long as the JVM's longest.
   *
   * @param limit for how long at most
   */
  List<Watched> collectNow(Duration limit);

  /** What {@link #why} would cost now; empty where this host cannot walk its heap. */
  Optional<HeapWalk.Estimate> estimate();

  /**
   * Finds out what holds those generations of the plugin that have not been collected; all of them
   * where it is empty. One walk for all; the answers are kept with {@link #watched()}.
   *
   * @throws HeapWalkException when the heap cannot be walked
   */
  List<HoldingPath> why(Optional<String> plugin);

  /**
   * As {@link #why}, and keeps the dump for other tools, whatever comes of its reading.
   *
   * @return where it is, on the host's machine; empty where there was nothing to walk for
   * @throws HeapWalkException as {@link #why}; where the dump was written, the message says where
   */
  Optional<Path> whyAndKeep(Optional<String> plugin);
}
