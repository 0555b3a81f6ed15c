package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Tells whether the calling thread comes from inside a call on some generations, so that they
 * cannot drain before it goes on. Known are a thread's calls, each that is noted where leases are
 * tracked, and otherwise what the stack shows: code of a generation that was entered by a handle or
 * a proxy. Not known is a lease. Thread-safe.
 */
final class Insiders {
  private static final StackWalker STACK =
      StackWalker.getInstance(
          Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES));

  private static final List<Class<?>> CALL_PATH =
      List.of(SlotHandle.class, SlotHandles.class, LeasedProxy.class, ReflectedProxy.class);

  private final Function<Class<?>, Optional<Generation>> definedBy;

  /**
   * @param definedBy whose code a class is
   */
  Insiders(Function<Class<?>, Optional<Generation>> definedBy) {
    this.definedBy = definedBy;
  }

  /** Whether the calling thread is one of those of the generations. */
  boolean include(Collection<LiveGeneration> generations) {
    return generations.stream().anyMatch(LiveGeneration::isEnteredByCaller)
        || STACK.walk(frames -> isEntered(frames.iterator(), codeOf(generations)));
  }

  private Predicate<Class<?>> codeOf(Collection<LiveGeneration> generations) {
    List<Generation> wanted = generations.stream().map(LiveGeneration::generation).toList();
    return type -> definedBy.apply(type).filter(wanted::contains).isPresent();
  }

  /** Innermost first: a thread of a plugin's own has its code below the call, and is not inside. */
  private static boolean isEntered(
      Iterator<StackWalker.StackFrame> frames, Predicate<Class<?>> code) {
    boolean inCode = false;
    while (frames.hasNext()) {
      Class<?> type = frames.next().getDeclaringClass();
      if (inCode && CALL_PATH.stream().anyMatch(step -> step.isAssignableFrom(type))) {
        return true;
      }
      inCode = inCode || code.test(type);
    }
    return false;
  }
}
