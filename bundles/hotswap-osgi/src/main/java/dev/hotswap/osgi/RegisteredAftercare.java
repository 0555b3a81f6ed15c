package dev.hotswap.osgi;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Leftovers;
import dev.hotswap.core.Aftercare;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/**
 * What the service registry has for generations that have left, each time that it is asked for.
 * Thread-safe.
 */
record RegisteredAftercare(BundleContext context) {
  Aftercare aftercare() {
    return new Aftercare(this::undo, () -> registered(HeapWalk.class));
  }

  private List<Leftover> undo(ClassLoader loader) {
    return registered(Leftovers.class).orElse(Leftovers.NONE).undo(loader);
  }

  private <S> Optional<S> registered(Class<S> type) {
    return Optional.ofNullable(context.getServiceReference(type)).map(context::getService);
  }
}
