package dev.hotswap.host;

import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener on threads of somebody's executor: one event after the other, in the order in
 * which they happened, however many threads that has. Thread-safe.
 */
final class DeferredListener implements SwapListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredListener.class);

  private final Executor executor;
  private final SwapListener listener;
  private final Queue<SwapEvent> untold = new ArrayDeque<>();
  private boolean telling;

  DeferredListener(Executor executor, SwapListener listener) {
    this.executor = executor;
    this.listener = listener;
  }

  /**
   * Returns at once, unless the executor does not.
   *
   * @throws RejectedExecutionException when the executor takes no task; what is untold is dropped
   */
  @Override
  public void on(SwapEvent event) {
    synchronized (untold) {
      untold.add(event);
      if (telling) {
        return; // whoever tells comes to it
      }
      telling = true;
    }
    try {
      executor.execute(this::tell);
    } catch (RejectedExecutionException e) {
      synchronized (untold) {
        untold.clear();
        telling = false;
      }
      throw e;
    }
  }

  private void tell() {
    for (SwapEvent event = next(); event != null; event = next()) {
      try {
        listener.on(event);
      } catch (RuntimeException | Error e) { // nor an assertion: the next event is told
        LOG.warn("event=listener-failed listener={} thrown={}", listener, e.toString());
      }
    }
  }

  /** Null where there is none, and nobody tells any more. */
  private SwapEvent next() {
    synchronized (untold) {
      SwapEvent event = untold.poll();
      telling = event != null;
      return event;
    }
  }

  @Override
  public String toString() {
    return listener.toString();
  }
}
