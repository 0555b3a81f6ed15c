package dev.hotswap.osgi;

import dev.hotswap.api.StateKeeper;
import dev.hotswap.core.Binding;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.ServiceRank;
import dev.hotswap.core.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Carries the services that plugins register for one contract over to the world. Only the events
 * are used: {@code ServiceTracker.getService} caches its choice without a lock and can go on
 * answering with a service that is gone.
 *
 * <p>{@code removedService} runs in the thread of whoever takes the service away, before it is
 * gone: calls in flight end first.
 */
final class ContractTracker<S> implements ServiceTrackerCustomizer<S, Binding<S>> {
  private final BundleContext context;
  private final Class<S> contract;
  private final World world;
  private final Generations generations;
  private final StandIns standIns;
  private final StopGuard guard;
  private final ServiceTracker<S, Binding<S>> tracker;
  private volatile boolean closing;

  ContractTracker(
      BundleContext context,
      Class<S> contract,
      World world,
      Generations generations,
      StandIns standIns,
      StopGuard guard) {
    this.context = context;
    this.contract = contract;
    this.world = world;
    this.generations = generations;
    this.standIns = standIns;
    this.guard = guard;
    this.tracker = new ServiceTracker<>(context, contract.getName(), this);
  }

  void open() {
    tracker.open(true); // all of them: a service of another class space is to be refused by name
  }

  /** The world is closed and has waited for its calls: not once more. */
  void close() {
    closing = true;
    tracker.close();
  }

  @Override
  public Binding<S> addingService(ServiceReference<S> reference) {
    Optional<LiveGeneration> generation = generations.of(reference.getBundle());
    return generation.map(live -> offer(live, reference)).orElse(null);
  }

  private Binding<S> offer(LiveGeneration generation, ServiceReference<S> reference) {
    Object service = context.getService(reference);
    if (service == null) {
      world.trouble(
          generation,
          "it registers "
              + contract.getName()
              + " but gives no service object for it: its factory or component failed, see the log");
      return null;
    }
    if (!contract.isInstance(service)) {
      world.misfit(generation, contract.getName(), service.getClass().getName(), origin(service));
      context.ungetService(reference);
      return null;
    }
    if (service instanceof StateKeeper) {
      generation.offersStateKeeper();
    }
    Map<String, Object> properties = ServiceProperties.of(reference);
    Binding<S> binding =
        world.offer(generation, contract, contract.cast(service), rank(reference), properties);
    standIns.offered(generation, contract);
    catchUp(reference, binding, properties); // the tracker tells no change from during this method
    return binding;
  }

  /** Where the class that it implements under the contract's name comes from. */
  private String origin(Object service) {
    try {
      ClassLoader loader = service.getClass().getClassLoader();
      Class<?> own = Class.forName(contract.getName(), false, loader);
      return own == contract
          ? "it does not implement it"
          : "it implements the copy that " + own.getClassLoader() + " loaded";
    } catch (ClassNotFoundException | LinkageError e) {
      return "it does not see that type at all";
    }
  }

  @Override
  public void modifiedService(ServiceReference<S> reference, Binding<S> binding) {
    catchUp(reference, binding, Map.of()); // never what it has: it has an id at least
  }

  /**
   * Two changes may be told on two threads, and whoever read first may come to the world last:
   * everybody looks again at what they have handed on.
   */
  private void catchUp(
      ServiceReference<S> reference, Binding<S> binding, Map<String, Object> handedOn) {
    Map<String, Object> known = handedOn;
    Map<String, Object> now = ServiceProperties.of(reference);
    while (!now.equals(known)) {
      world.describe(binding, rank(reference).ranking(), now);
      known = now;
      now = ServiceProperties.of(reference);
    }
  }

  @Override
  public void removedService(ServiceReference<S> reference, Binding<S> binding) {
    if (closing) {
      world.withdraw(binding, Duration.ZERO);
    } else {
      guard.withdraw(binding);
    }
    standIns.settle(List.of(contract)); // what is staged may have lost its only provider
    context.ungetService(reference);
  }

  private static ServiceRank rank(ServiceReference<?> reference) {
    Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
    long id = (Long) reference.getProperty(Constants.SERVICE_ID);
    return new ServiceRank(ranking instanceof Integer number ? number : 0, id);
  }
}
