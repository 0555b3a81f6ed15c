package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import dev.hotswap.api.JointLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A world without a framework: services are plain objects, and a swap is publish and retire. For
 * one swapping thread; handles may be used by any.
 */
public final class PlainWorld {
  private final World world;
  private LiveGeneration current;
  private long number;

  /** Leases are not tracked. */
  public PlainWorld() {
    this(false);
  }

  /**
   * @param leaseTracking whether leases, and calls by the shared lane, are noted one by one
   */
  public PlainWorld(boolean leaseTracking) {
    world = new World(Duration.ofSeconds(1), leaseTracking);
  }

  /** The handle of a contract. */
  public <S> Handle<S> handle(Class<S> contract) {
    return world.handle(contract);
  }

  /** The handle of those services of a contract that pass a test, known by a text. */
  public <S> Handle<S> handle(
      Class<S> contract, String filter, Predicate<Map<String, Object>> test) {
    return world.handle(contract, new ServiceFilter(filter, test));
  }

  /** The handle on all services of a contract. */
  public <S> Handles<S> handles(Class<S> contract) {
    return world.handles(contract, ServiceFilter.ANY);
  }

  /** Publishes a service of another plugin, which stays beside what is swapped. */
  public <S> void add(Class<S> contract, S service, Map<String, Object> properties) {
    number++;
    LiveGeneration beside =
        new LiveGeneration(new Generation("beside." + number, number, number + ".0.0", ""));
    world.offer(beside, contract, service, new ServiceRank(0, number), properties);
    world.publish(List.of(), List.of(beside));
  }

  /** One lease over several handles. */
  public JointLease lease(List<Handle<?>> handles) {
    return world.lease(handles);
  }

  /** Publishes a generation with one service. */
  public <S> Retired swap(Class<S> contract, S service) {
    return swap(Map.of(contract, service));
  }

  /** Publishes a generation with these services, and retires the one before. */
  public Retired swap(Map<Class<?>, Object> services) {
    number++;
    LiveGeneration next = new LiveGeneration(new Generation("plain", number, number + ".0.0", ""));
    services.forEach((contract, service) -> offer(next, contract, service));
    Optional<LiveGeneration> before = Optional.ofNullable(current);
    world.publish(before.stream().toList(), List.of(next));
    current = next;
    List<Binding<?>> old = before.map(LiveGeneration::bindings).orElse(List.of());
    old.forEach(Binding::retire);
    return new Retired(old);
  }

  /**
   * Publishes a generation with these services when nobody is inside the one before any more;
   * callers are held meanwhile, but for those who come from inside.
   *
   * @param stop is run in between
   * @return whether it has drained within the limit; nothing is swapped else
   */
  public boolean swapHeld(Map<Class<?>, Object> services, Duration limit, Runnable stop)
      throws InterruptedException {
    List<LiveGeneration> old = List.of(current);
    world.hold(old, new Insiders(type -> Optional.empty()));
    if (!world.awaitDrained(old, limit)) {
      world.resume(old);
      return false;
    }
    stop.run();
    swap(services);
    return true;
  }

  private <S> void offer(LiveGeneration generation, Class<S> contract, Object service) {
    world.offer(generation, contract, contract.cast(service), new ServiceRank(0, number));
  }

  /** What a swap retired. */
  public static final class Retired {
    private final List<Binding<?>> bindings;

    private Retired(List<Binding<?>> bindings) {
      this.bindings = new ArrayList<>(bindings);
    }

    /** Whether nobody is inside any more, asked of what has been signalled, without a scan. */
    public boolean isDrained() {
      return bindings.stream().allMatch(Binding::isDrained);
    }

    /** Whether it is drained within the limit. */
    public boolean awaitDrained(Duration limit) {
      try {
        for (Binding<?> binding : bindings) {
          if (!binding.awaitDrained(limit.toNanos())) {
            return false;
          }
        }
        return true;
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting for the drain", e);
      }
    }

    /** What became of its calls. */
    public Calls calls() {
      return bindings.stream().map(Binding::calls).reduce(Calls.NONE, Calls::plus);
    }
  }
}
