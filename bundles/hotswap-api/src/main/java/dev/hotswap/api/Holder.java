package dev.hotswap.api;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Somebody who is inside a generation that is to leave, and so keeps it from leaving. A value, text
 * and numbers only: it holds no thread and no class of a plugin.
 *
 * <p>Named without further ado is a call, by a platform or a virtual thread, and each call inside
 * of it on the same generation. Leases are named only where {@code lease.tracking} is on.
 *
 * @param generation what is held
 * @param kind by what it is held
 * @param threadName the thread that calls, or that took the lease; empty where it has no name
 * @param threadId that thread's id
 * @param virtual whether that thread is a virtual one
 * @param age since when it is known to be inside; it has been there at least so long. With {@code
 *     lease.tracking} on that is since it came in, for whoever is named by the tracking; for the
 *     others it is since the generation let nobody in any more
 * @param stack innermost frame first, at most 30 of them. Of a call: where the thread is now, while
 *     it was inside. Of a lease: where it was taken, since it may have gone to another thread
 */
public record Holder(
    Generation generation,
    Kind kind,
    String threadName,
    long threadId,
    boolean virtual,
    Optional<Duration> age,
    List<String> stack) {

  /** By what a generation is held. */
  public enum Kind {
    /** A call that has not come back. */
    CALL,
    /** A lease, joint or not, that has not been closed. */
    LEASE
  }

  public Holder {
    stack = List.copyOf(stack);
  }

  /** In one line, without the stack. */
  public String label() {
    return kind.name().toLowerCase(Locale.ROOT)
        + " on "
        + generation
        + (kind == Kind.LEASE ? " taken by " : " by ")
        + (virtual ? "virtual thread \"" : "thread \"")
        + threadName
        + "\" (id "
        + threadId
        + ")"
        + age.map(known -> ", for at least " + known.toMillis() + " ms").orElse("");
  }

  /** The {@link #label()}. */
  @Override
  public String toString() {
    return label();
  }
}
