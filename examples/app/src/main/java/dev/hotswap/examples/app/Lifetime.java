package dev.hotswap.examples.app;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Snapshot;
import java.time.Duration;
import java.util.Optional;

/**
 * What the host says about one generation.
 *
 * @param generation which
 * @param calls what became of the callers' calls
 * @param drain how long its last calls took to end; empty while it is current
 */
record Lifetime(Generation generation, Calls calls, Optional<Duration> drain) {
  static Lifetime of(Retirement retirement) {
    return new Lifetime(
        retirement.generation(), withoutProbe(retirement.calls()), Optional.of(retirement.drain()));
  }

  static Lifetime of(Snapshot.Live live) {
    return new Lifetime(live.generation(), withoutProbe(live.calls()), Optional.empty());
  }

  /** The first call on each generation is the host's own, with which it proves that it answers. */
  private static Calls withoutProbe(Calls calls) {
    return new Calls(calls.started() - 1, calls.returned() - 1, calls.threw());
  }
}
