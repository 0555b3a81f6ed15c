package dev.hotswap.core;

import dev.hotswap.api.Subscription;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells every listener every event, on the thread on which it happened. Thread-safe. */
final class Events {
  private static final System.Logger LOG = System.getLogger(Events.class.getName());

  private final List<SwapListener> listeners = new CopyOnWriteArrayList<>();

  Subscription subscribe(SwapListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void tell(SwapEvent event) {
    for (SwapListener listener : listeners) {
      try {
        listener.on(event);
      } catch (RuntimeException | Error e) { // nor an assertion: a swap must come to its end
        LOG.log(
            System.Logger.Level.WARNING,
            "event=listener-failed listener=" + listener + " thrown=" + e);
      }
    }
  }
}
