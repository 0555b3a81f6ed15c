package dev.hotswap.osgi;

import dev.hotswap.api.Stage;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.PluginSwapper;
import dev.hotswap.core.World;
import java.time.Duration;
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

  StopGuard(Generations generations, World world, PluginSwapper swapper, Duration drainDeadline) {
    this.generations = generations;
    this.world = world;
    this.swapper = swapper;
    this.drainDeadline = drainDeadline;
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    int type = event.getType();
    if (type == BundleEvent.UPDATED) {
      generations.of(event.getBundle()).ifPresent(LiveGeneration::updated);
    }
    if (type == BundleEvent.STOPPING || type == BundleEvent.UNINSTALLED) {
      generations
          .of(event.getBundle())
          .filter(generation -> isInUse(generation) || isTakenFromStandby(generation, type))
          .ifPresent(generation -> guard(generation, event));
    }
  }

  /** Neither staged, where no caller is, nor drained, where none is left. */
  private static boolean isInUse(LiveGeneration generation) {
    return generation.stage() == Stage.CURRENT || generation.stage() == Stage.DRAINING;
  }

  private static boolean isTakenFromStandby(LiveGeneration generation, int type) {
    return generation.stage() == Stage.STANDBY && type == BundleEvent.UNINSTALLED;
  }

  private void guard(LiveGeneration generation, BundleEvent event) {
    boolean gone = event.getType() == BundleEvent.UNINSTALLED;
    boolean drained = world.withdraw(generation, drainDeadline);
    if (gone) {
      generations.remove(event.getBundle());
    }
    swapper.withdrawn(
        generation,
        gone,
        (gone ? "uninstalled" : "stopped")
            + " by thread "
            + Thread.currentThread().getName()
            + (drained ? "" : ", with calls still in flight"));
  }
}
