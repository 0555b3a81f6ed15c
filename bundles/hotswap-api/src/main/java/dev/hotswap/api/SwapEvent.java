package dev.hotswap.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One edge in the life of a swap, told to every {@link SwapListener} in the order in which it
 * happened. Values; they hold nothing of the plugin.
 */
public sealed interface SwapEvent {
  /** The swap it belongs to; 0 where no swap caused it. */
  long swap();

  /** When it happened. */
  Instant at();

  /** The plugin's name, or the file's where it has none yet. */
  String plugin();

  /**
   * Swaps are about to be undone, and nothing has been done about it: what comes back is started
   * after this has been told. A {@link Published} under the same number follows for each plugin, or
   * a {@link Refused}.
   *
   * @param undone what those swaps had made current, the newest first
   * @param back the earlier generations that come back, each under a new number
   */
  record RollingBack(
      long swap, Instant at, String plugin, List<Generation> undone, List<Generation> back)
      implements SwapEvent {
    public RollingBack {
      undone = List.copyOf(undone);
      back = List.copyOf(back);
    }
  }

  /** The new generation is up and checked; callers do not reach it yet. */
  record Staged(long swap, Instant at, Generation generation) implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /** New calls reach {@code to}, or nothing where it is empty. */
  record Published(
      long swap, Instant at, String plugin, Optional<Generation> from, Optional<Generation> to)
      implements SwapEvent {}

  /** A call through the handle's own path was answered by the new generation. */
  record Answered(long swap, Instant at, Generation generation, String answeredBy)
      implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /**
   * The drain deadline passed with calls still in flight; the drain goes on, unless callers are
   * held for it: then the swap is given up, or goes on by force.
   *
   * @param holders who is inside, as far as it is known; at most 100 of them
   */
  record DrainOverdue(
      long swap,
      Instant at,
      Generation generation,
      Duration waited,
      Calls calls,
      List<Holder> holders)
      implements SwapEvent {
    public DrainOverdue {
      holders = List.copyOf(holders);
    }

    /** How many are in flight that {@code holders} does not name. */
    public long unnamed() {
      return Math.max(0, calls.inFlight() - holders.size());
    }

    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /**
   * The threads of these calls were interrupted, so that a drain may end; it goes on.
   *
   * @param holders whose threads; at most 100 of them are listed
   */
  record Interrupted(long swap, Instant at, Generation generation, List<Holder> holders)
      implements SwapEvent {
    public Interrupted {
      holders = List.copyOf(holders);
    }

    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /**
   * The swap was undone while its old generation was draining: that one answers new calls again.
   *
   * @param from the generation that the swap had published; it leaves
   * @param to the one that was draining
   */
  record Reversed(long swap, Instant at, Generation from, Generation to) implements SwapEvent {
    @Override
    public String plugin() {
      return to.plugin();
    }
  }

  /**
   * The generation is being reclaimed although calls are inside: those may fail, and it is tainted.
   *
   * @param waited how long it had drained
   * @param calls its calls at that moment; those in flight are cut off
   * @param holders who is inside, as far as it is known; at most 100 of them
   */
  record Forced(
      long swap,
      Instant at,
      Generation generation,
      Duration waited,
      Calls calls,
      List<Holder> holders)
      implements SwapEvent {
    public Forced {
      holders = List.copyOf(holders);
    }

    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /** The last call on a retired generation ended. */
  record Drained(long swap, Instant at, Generation generation, Duration took, Calls calls)
      implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /** It is stopped and uninstalled, but other bundles are wired to its classes and keep them. */
  record KeptByDependents(long swap, Instant at, Generation generation, List<String> dependents)
      implements SwapEvent {
    public KeptByDependents {
      dependents = List.copyOf(dependents);
    }

    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /** It has drained and is stopped, and waits to be reclaimed, or started by a rollback. */
  record StoodBy(long swap, Instant at, Generation generation) implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /** Nothing of ours refers to it any more. */
  record Reclaimed(long swap, Instant at, Generation generation) implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /**
   * A reclaimed generation had left something behind in the JVM.
   *
   * @param leftover what, whether it was taken back, and what its author is to write
   */
  record LeftBehind(long swap, Instant at, Generation generation, Leftover leftover)
      implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /**
   * What has become of the classes of a reclaimed generation is known, or is known better.
   *
   * @param verdict {@link Verdict#COLLECTED}, {@link Verdict#HELD} or {@link Verdict#SOFTLY_HELD}
   * @param after how long after it was reclaimed
   */
  record Judged(long swap, Instant at, Generation generation, Verdict verdict, Duration after)
      implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /** The heap was walked for what holds a reclaimed generation. */
  record PathFound(long swap, Instant at, Generation generation, HoldingPath path)
      implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /**
   * At a restart a generation did not come up that was current when the host before this one ended.
   *
   * @param to what is current in its place; empty where the plugin is left out
   */
  record FellBack(long swap, Instant at, Generation from, Optional<Generation> to, String why)
      implements SwapEvent {
    @Override
    public String plugin() {
      return from.plugin();
    }
  }

  /** A swap did not happen. */
  record Refused(long swap, Instant at, Refusal refusal) implements SwapEvent {
    @Override
    public String plugin() {
      return refusal.what();
    }
  }

  /** The file has the very bytes that are current: nothing was done. */
  record Unchanged(long swap, Instant at, Generation generation) implements SwapEvent {
    @Override
    public String plugin() {
      return generation.plugin();
    }
  }

  /**
   * Somebody other than a swap stopped a generation. Its calls ended first, or the cause says that
   * some had not by the drain deadline. Of a single service that somebody took away it is told in
   * the second case only.
   *
   * @param calls its calls so far; of one that was uninstalled these are the last that are counted
   * @param holders who is still inside, as far as it is known; nobody where its calls have ended
   */
  record Withdrawn(
      long swap, Instant at, Generation generation, String cause, Calls calls, List<Holder> holders)
      implements SwapEvent {
    public Withdrawn {
      holders = List.copyOf(holders);
    }

    @Override
    public String plugin() {
      return generation.plugin();
    }
  }
}
