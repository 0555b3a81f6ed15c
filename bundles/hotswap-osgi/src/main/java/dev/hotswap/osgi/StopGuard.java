package dev.hotswap.osgi;

import dev.hotswap.api.Stage;
import dev.hotswap.core.Binding;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.PluginSwapper;
import dev.hotswap.core.World;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Makes anybody's stop, update or uninstall of a plugin safe for its callers. {@code STOPPING} is
 * delivered in the stopping thread before the activator's {@code stop}: here new calls are sent
 * elsewhere and those in flight end, for at most the drain deadline. What was updated is noted: its
 * bytes are not those that it was swapped in with.
 */
final class StopGuard implements SynchronousBundleListener {
  private final Generations generations;
  private final World world;
  private final PluginSwapper swapper;
  private final Duration drainDeadline;
  private final Set<Long> beingUninstalled = ConcurrentHashMap.newKeySet();

  StopGuard(Generations generations, World world, PluginSwapper swapper, Duration drainDeadline) {
    this.generations = generations;
    this.world = world;
    this.swapper = swapper;
    this.drainDeadline = drainDeadline;
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    Bundle bundle = event.getBundle();
    switch (event.getType()) {
      case BundleEvent.UPDATED -> generations.of(bundle).ifPresent(LiveGeneration::updated);
      case BundleEvent.STOPPING -> stopping(bundle);
      case BundleEvent.UNINSTALLED -> uninstalled(bundle);
      default -> {
        // all others take nothing away
      }
    }
  }

  /** Neither staged, where no caller is, nor drained, where none is left. */
  private static boolean isInUse(LiveGeneration generation) {
    return generation.stage() == Stage.CURRENT || generation.stage() == Stage.DRAINING;
  }

  private void stopping(Bundle bundle) {
    generations
        .of(bundle)
        .filter(StopGuard::isInUse)
        .ifPresent(
            generation -> {
              Deed deed = Deed.underWay();
              if (deed == Deed.UNINSTALLED) {
                beingUninstalled.add(bundle.getBundleId());
              }
              withdraw(generation, deed);
            });
  }

  /** Of what was running it has been told when it stopped. */
  private void uninstalled(Bundle bundle) {
    boolean told = beingUninstalled.remove(bundle.getBundleId());
    generations
        .of(bundle)
        .filter(generation -> isInUse(generation) || generation.stage() == Stage.STANDBY)
        .ifPresent(
            generation -> {
              generations.remove(bundle);
              if (!told) {
                withdraw(generation, Deed.UNINSTALLED);
              }
              swapper.uninstalled(generation);
            });
  }

  private void withdraw(LiveGeneration generation, Deed deed) {
    boolean drained = world.withdraw(generation, drainDeadline);
    tell(generation, deed.name().toLowerCase(Locale.ROOT), drained);
  }

  /**
   * One service is being taken away, by whomever. It is told where that is not part of a swap, nor
   * of a stop that is told already, and somebody is left inside.
   */
  void withdraw(Binding<?> service) {
    LiveGeneration generation = service.live();
    boolean untold = isInUse(generation) && generation.offers(service);
    if (!world.withdraw(service, drainDeadline) && untold) {
      tell(generation, "rid of its " + service.contract().getName(), false);
    }
  }

  private void tell(LiveGeneration generation, String what, boolean drained) {
    String by = " by thread " + Thread.currentThread().getName();
    swapper.withdrawn(
        generation, what + by + (drained ? "" : ", with calls still in flight"), drained);
  }

  /** What somebody does to a bundle; the word for it. */
  private enum Deed {
    STOPPED("stop"),
    UPDATED("update"),
    UNINSTALLED("uninstall");

    private static final StackWalker STACK =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final String method;

    Deed(String method) {
      this.method = method;
    }

    /**
     * The one that this thread is at. The event of a stop does not say what it is part of, but the
     * stack does: the innermost method of {@link Bundle}. A refresh has none, and stops.
     */
    static Deed underWay() {
      return STACK.walk(
          frames ->
              frames
                  .filter(frame -> Bundle.class.isAssignableFrom(frame.getDeclaringClass()))
                  .flatMap(frame -> named(frame.getMethodName()))
                  .findFirst()
                  .orElse(STOPPED));
    }

    private static Stream<Deed> named(String method) {
      return Stream.of(values()).filter(deed -> deed.method.equals(method));
    }
  }
}
