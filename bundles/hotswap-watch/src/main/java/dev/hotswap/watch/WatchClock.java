package dev.hotswap.watch;

import java.time.Instant;

/** The time of a watch. */
interface WatchClock {
  /** For what is waited for: never goes back. */
  long nanos();

  /** To compare with the times of files. */
  Instant now();

  WatchClock SYSTEM =
      new WatchClock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public Instant now() {
          return Instant.now();
        }
      };
}
