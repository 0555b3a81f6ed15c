package dev.hotswap.osgi;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Leftovers;
import dev.hotswap.core.Aftercare;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** What the service registry has for generations that have left, as long as it has it. */
final class RegisteredAftercare implements AutoCloseable {
  private final ServiceTracker<Leftovers, Leftovers> leftovers;
  private final ServiceTracker<HeapWalk, HeapWalk> walks;

  RegisteredAftercare(BundleContext context) {
    this.leftovers = new ServiceTracker<>(context, Leftovers.class, null);
    this.walks = new ServiceTracker<>(context, HeapWalk.class, null);
  }

  void open() {
    leftovers.open();
    walks.open();
  }

  /** Looks each time it is used. */
  Aftercare aftercare() {
    return new Aftercare(this::undo, () -> Optional.ofNullable(walks.getService()));
  }

  private List<Leftover> undo(ClassLoader loader) {
    return Optional.ofNullable(leftovers.getService()).orElse(Leftovers.NONE).undo(loader);
  }

  @Override
  public void close() {
    leftovers.close();
    walks.close();
  }
}
