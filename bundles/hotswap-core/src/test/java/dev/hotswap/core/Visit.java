package dev.hotswap.core;

import dev.hotswap.api.Handle;
import java.util.concurrent.CountDownLatch;

/** A call that stays inside its service until it is told to leave. */
final class Visit {
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch leave = new CountDownLatch(1);
  private final Crew.Member<String> visitor;

  private Visit(Crew crew, Handle<Greeter> handle, int callsBefore) {
    visitor =
        crew.call(
            "visitor",
            () -> {
              for (int i = 0; i < callsBefore; i++) {
                handle.with(greeter -> greeter.greet("before"));
              }
              return handle.with(this::stay);
            });
  }

  /**
   * Returns when the call is inside.
   *
   * @param callsBefore calls that the thread makes first: with none it comes in by the shared lane,
   *     after one it owns its stripe
   */
  static Visit begin(Crew crew, Handle<Greeter> handle, int callsBefore)
      throws InterruptedException {
    Visit visit = new Visit(crew, handle, callsBefore);
    Crew.await(visit.inside);
    return visit;
  }

  /** Whose call it is. */
  Thread thread() {
    return visitor.thread();
  }

  private String stay(Greeter greeter) throws InterruptedException {
    inside.countDown();
    Crew.await(leave);
    return greeter.greet("visitor");
  }

  /** Lets the call end, and returns its answer. */
  String end() throws Exception {
    leave.countDown();
    return visitor.join();
  }
}
