package dev.hotswap.core;

import java.util.concurrent.CompletionStage;

/**
 * What the generated proxies inherit: equality of their own, and the steps of a call. Each of their
 * methods is, in the bytecode of {@link ProxyClass},
 *
 * <pre>
 * Binding seen = look(this);
 * long seat = enter(this, seen);
 * Binding entered = entered(this, seen, seat);
 * try {
 *   answer = ((Contract) service(entered)).method(arguments);
 * } catch (Throwable thrown) {
 *   throw failed(thrown, entered, seat);
 * }
 * leave(entered, seat);          // leave(answer, entered, seat) where the answer may be a stage
 * return answer;
 * </pre>
 *
 * <p>The steps are static so that no method of a contract can override or clash with one. Public
 * because a generated class may be of another loader; nobody else has a use for it.
 */
public abstract class LeasedProxy {
  private final SlotHandle<?> handle;

  protected LeasedProxy(SlotHandle<?> handle) {
    this.handle = handle;
  }

  protected static Binding<?> look(LeasedProxy proxy) {
    return proxy.handle.look();
  }

  protected static long enter(LeasedProxy proxy, Binding<?> seen) {
    return proxy.handle.tryEnterOwner(seen);
  }

  protected static Binding<?> entered(LeasedProxy proxy, Binding<?> seen, long seat) {
    return Pins.isSeat(seat) ? seen : proxy.handle.enterShared();
  }

  protected static Object service(Binding<?> entered) {
    return entered.service;
  }

  protected static void leave(Binding<?> entered, long seat) {
    SlotHandle.leave(entered, seat);
  }

  protected static void leave(Object answer, Binding<?> entered, long seat) {
    if (entered.isStage(answer)) {
      SlotHandle.leaveWhenComplete((CompletionStage<?>) answer, entered, seat);
    } else {
      SlotHandle.leave(entered, seat);
    }
  }

  protected static Throwable failed(Throwable thrown, Binding<?> entered, long seat) {
    entered.countThrown();
    SlotHandle.leave(entered, seat);
    return thrown;
  }

  @Override
  public final boolean equals(Object other) {
    return this == other;
  }

  @Override
  public final int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public final String toString() {
    return "proxy of " + handle.contract().getName();
  }
}
