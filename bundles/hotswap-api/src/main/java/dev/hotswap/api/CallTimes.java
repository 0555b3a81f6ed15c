package dev.hotswap.api;

import java.time.Duration;
import java.util.List;

/**
 * Watches how long calls take, while somebody wants to know, and from outside: who is inside is
 * looked at again and again, so that calls pay nothing for it, watched or not. Seen are the calls
 * of platform threads that own their stripe, as they commonly do from their second call on a
 * generation; calls of virtual threads and leases are not. Thread-safe. Closed, it looks no more.
 */
public interface CallTimes extends AutoCloseable {
  /** Sees nothing. */
  CallTimes NONE =
      new CallTimes() {
        @Override
        public List<Times> take() {
          return List.of();
        }

        @Override
        public void close() {
          // there is nothing to end
        }
      };

  /**
   * The calls of one generation in a span of time.
   *
   * @param generation whose
   * @param calls how many ended in it, or were under way at its end, of those that can be seen
   * @param p99 99 in 100 of them took at most so long; those under way count with their age
   * @param longest none took longer
   * @param resolution a call is not seen to be shorter than this: a time that equals it means that
   *     or less
   */
  record Times(
      Generation generation, long calls, Duration p99, Duration longest, Duration resolution) {}

  /**
   * The times since the last call of this method, or since the beginning; no entry without calls.
   */
  List<Times> take();

  @Override
  void close();
}
