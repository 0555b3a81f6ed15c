package dev.hotswap.api;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where files go that could not be used, each with the reason; what is in it outlives the process.
 * A watch folder has one, and it is offered to operators as a service. Refused swaps are in the
 * {@linkplain Swapper#receipts() receipts} too, and generations that could not be drained in the
 * {@linkplain Snapshot#tainted() snapshot}. Thread-safe.
 */
public interface Quarantine {
  /** What is in it now, the newest first. */
  List<Case> cases();

  /**
   * One of them; in the words of a {@link Refusal}.
   *
   * @param what was refused: a bundle, the file where that has no name, or the deletion of one
   * @param at when
   * @param why it was
   * @param state what stands since then
   * @param next what to do
   * @param file where it lies now; empty where there is none, as of a deletion
   */
  record Case(
      String what, Instant at, String why, String state, String next, Optional<Path> file) {}
}
