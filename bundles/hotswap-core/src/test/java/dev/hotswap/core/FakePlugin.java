package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A plugin whose generations a test stages, publishes and retires by hand. The one place that knows
 * how core is told so.
 */
final class FakePlugin {
  private final World world;
  private final String name;
  private Optional<LiveGeneration> current = Optional.empty();
  private long generations;

  FakePlugin(World world, String name) {
    this.world = world;
    this.name = name;
  }

  /** The generation that new calls reach. */
  LiveGeneration current() {
    return current.orElseThrow();
  }

  /** A new generation that offers nothing yet and that nobody reaches. */
  LiveGeneration stage() {
    generations++;
    return new LiveGeneration(
        new Generation(name, generations, generations + ".0.0", "0".repeat(64)));
  }

  /** Offers a service of a generation, ranked as its number says. */
  <S> Binding<S> offer(LiveGeneration generation, Class<S> contract, S service) {
    return offer(generation, contract, service, 0, generation.generation().number());
  }

  <S> Binding<S> offer(
      LiveGeneration generation, Class<S> contract, S service, int ranking, long serviceId) {
    return world.offer(generation, contract, service, new ServiceRank(ranking, serviceId));
  }

  /** Offers a service with properties, ranked as its generation's number says. */
  <S> Binding<S> offer(
      LiveGeneration generation, Class<S> contract, S service, Map<String, Object> properties) {
    ServiceRank rank = new ServiceRank(0, generation.generation().number());
    return world.offer(generation, contract, service, rank, properties);
  }

  /** Stages and publishes a generation with one service. */
  <S> Binding<S> publish(Class<S> contract, S service) {
    LiveGeneration next = stage();
    Binding<S> binding = offer(next, contract, service);
    publish(next);
    return binding;
  }

  /** Publishes a staged generation, and retires its predecessor without waiting for its calls. */
  void publish(LiveGeneration next) {
    replaceBy(Optional.of(next));
  }

  /** Publishes that nothing takes the current generation's place, and retires it. */
  void unload() {
    replaceBy(Optional.empty());
  }

  private void replaceBy(Optional<LiveGeneration> next) {
    Optional<LiveGeneration> leaving = current;
    world.publish(leaving.stream().toList(), next.stream().toList());
    current = next;
    leaving.ifPresent(generation -> generation.bindings().forEach(Binding::retire));
  }

  /** Whether a retired binding's last call ends within the limit. */
  static boolean drains(Binding<?> binding, Duration limit) {
    try {
      return binding.awaitDrained(limit.toNanos());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for " + binding, e);
    }
  }

  static boolean drains(Binding<?> binding) {
    return drains(binding, Crew.LIMIT);
  }
}
