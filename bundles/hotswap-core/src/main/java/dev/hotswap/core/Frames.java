package dev.hotswap.core;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Stacks as text, which keeps no class alive. */
final class Frames {
  /** No stack is longer. */
  static final int MOST = 30;

  private static final Set<String> TAKING =
      Set.of(
          Frames.class.getName(),
          Taker.class.getName(),
          Takers.class.getName(),
          Binding.class.getName(),
          PinnedLease.class.getName(),
          PinnedJointLease.class.getName(),
          SlotHandle.class.getName(),
          World.class.getName());

  private Frames() {}

  /** Where the thread is now; empty when it has ended. */
  static List<String> of(Thread thread) {
    return asText(Arrays.stream(thread.getStackTrace()).limit(MOST));
  }

  /** Where this thread is, from the caller of a handle on. */
  static List<StackTraceElement> here() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .dropWhile(frame -> TAKING.contains(frame.getClassName()))
                    .limit(MOST)
                    .map(StackWalker.StackFrame::toStackTraceElement) // names only, no classes
                    .toList());
  }

  static List<String> asText(Stream<StackTraceElement> frames) {
    return frames.map(StackTraceElement::toString).toList();
  }
}
