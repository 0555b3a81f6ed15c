package dev.hotswap.core;

import dev.hotswap.api.Step;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells every listener every event and every step, on the thread on which it happened. Thread-safe.
 */
final class Events {
  private static final System.Logger LOG = System.getLogger(Events.class.getName());

  private final List<SwapListener> listeners = new CopyOnWriteArrayList<>();

  Subscription subscribe(SwapListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void tell(SwapEvent event) {
    each(listener -> listener.on(event));
  }

  /** The swap on this thread has come to a step. */
  void entered(Step step) {
    each(listener -> listener.entered(step));
  }

  private void each(Consumer<SwapListener> deed) {
    for (SwapListener listener : listeners) {
      try {
        deed.accept(listener);
      } catch (RuntimeException | Error e) { // nor an assertion: a swap must come to its end
        LOG.log(
            System.Logger.Level.WARNING,
            "event=listener-failed listener=" + listener + " thrown=" + e);
      }
    }
  }
}
