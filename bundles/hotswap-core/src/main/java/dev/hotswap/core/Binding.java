package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.util.Comparator;
import java.util.Map;

/**
 * One service object that one generation offers for one contract, with the pins of those who are
 * calling it: a subclass of {@link Pins} rather than its owner, because each step from object to
 * object shows in the cost of a call.
 *
 * @param <S> the contract
 */
public sealed class Binding<S> extends Pins permits Pending {
  /** OSGi's choice: the highest ranking, then the lowest service id, or what was inherited. */
  static final Comparator<Binding<?>> BEST_FIRST =
      Comparator.<Binding<?>>comparingInt(binding -> binding.ranking)
          .reversed()
          .thenComparingLong(Binding::seniority);

  /** Stands where nothing is provided. Nobody can enter it. */
  static final Binding<Object> ABSENT = absent();

  final S service;
  private final Class<S> contract;
  private final LiveGeneration generation;
  private final long serviceId;
  // these change under the world's lock, which reads them too
  private int ranking;
  private long seniority;
  private Map<String, Object> properties = Map.of();

  Binding(Class<S> contract, S service, LiveGeneration generation, ServiceRank rank) {
    this.contract = contract;
    this.service = service;
    this.generation = generation;
    this.serviceId = rank.serviceId();
    this.seniority = serviceId;
    this.ranking = rank.ranking();
  }

  /** One that nobody can enter. */
  Binding(Class<S> contract) {
    super(ABSENT);
    this.contract = contract;
    this.service = null;
    this.generation = null;
    this.serviceId = 0;
  }

  private static Binding<Object> absent() {
    Binding<Object> absent = new Binding<>(Object.class, null, null, new ServiceRank(0, 0));
    absent.retire();
    return absent;
  }

  /** What a caller goes by at this moment. */
  Binding<S> settled() {
    return this;
  }

  /** The contract it is offered for. */
  public Class<S> contract() {
    return contract;
  }

  /** Whose it is. */
  public LiveGeneration live() {
    return generation;
  }

  Generation generation() {
    return generation.generation();
  }

  long serviceId() {
    return serviceId;
  }

  /** The service id that counts among equals: its own, or that of the service it replaced. */
  long seniority() {
    return seniority;
  }

  void inherit(long predecessors) {
    seniority = predecessors;
  }

  void describe(int newRanking, Map<String, Object> newProperties) {
    ranking = newRanking;
    properties = newProperties;
  }

  boolean passes(ServiceFilter filter) {
    return filter.test().test(properties);
  }

  @Override
  public String toString() {
    return this == ABSENT ? "absent" : contract.getName() + " of " + generation;
  }
}
