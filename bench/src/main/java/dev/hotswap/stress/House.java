package dev.hotswap.stress;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Lease;
import dev.hotswap.core.PlainWorld;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One state of a stress test: a world with generation 1 of a tenant under both contracts. */
class House {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int VISITS = 100_000;

  final PlainWorld world = new PlainWorld();
  final Handle<First> first = world.handle(First.class);
  final Handle<Second> second = world.handle(Second.class);
  private final Handles<First> all = world.handles(First.class);
  private Tenant tenant;

  House() {
    swap(1);
  }

  /** A visitor's way in; answers what {@link Tenant#visit} answers. */
  interface Way {
    int visit();
  }

  PlainWorld.Retired swap(int generation) {
    tenant = new Tenant(generation);
    return world.swap(Map.of(First.class, tenant, Second.class, tenant));
  }

  /**
   * Swaps to generation 2, and unloads generation 1 as soon as it is drained.
   *
   * @return 1, or 0 when the end of the drain was never signalled
   */
  int swapAndUnload() {
    Tenant old = tenant;
    boolean drained = swap(2).awaitDrained(LIMIT);
    old.unload();
    return drained ? 1 : 0;
  }

  /**
   * As {@link #swapAndUnload}, with callers held from before the drain to the publish.
   *
   * @return 1, or 0 when the drain did not end
   */
  int swapHeld() {
    Tenant old = tenant;
    tenant = new Tenant(2);
    try {
      Map<Class<?>, Object> services = Map.of(First.class, tenant, Second.class, tenant);
      return world.swapHeld(services, LIMIT, old::unload) ? 1 : 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while callers are held", e);
    }
  }

  /** Owner lane: the first call makes the thread the owner where it may be, the others use that. */
  int visitWith() {
    return first.with(service -> service.tenant().visit());
  }

  /** Owner lane, in the steps of the generated class. */
  int visitProxied() {
    return first.proxy().visitTenant();
  }

  /** Has a neighbour move in, who stays: a traversal then goes over both. */
  House withNeighbour() {
    world.add(First.class, new Tenant(2), Map.of());
    return this;
  }

  /** All of one row, pinned by the shared lane; the least answer. */
  int visitAll() {
    int[] least = {Integer.MAX_VALUE};
    all.useEach(service -> least[0] = Math.min(least[0], service.tenant().visit()));
    return least[0];
  }

  /** From the owner lane over to the shared lane, which is left when the stage completes. */
  int stay() {
    First.Stay stay = first.proxy().stay();
    int seen = stay.tenant.visit();
    stay.complete(null);
    return seen;
  }

  /** Shared lane. */
  int visitLeased() {
    try (Lease<First> lease = first.lease()) {
      return lease.service().tenant().visit();
    }
  }

  /** Shared lane, two slots; 0 when they are of different generations. */
  int visitJointly() {
    try (JointLease lease = world.lease(List.of(first, second))) {
      Tenant one = lease.service(first).tenant();
      int seen = lease.service(second).tenant().visit();
      return Math.abs(seen) == Math.abs(one.visit()) ? seen : 0;
    }
  }

  /**
   * Visits until generation 2 answers, so that the whole of a swap is covered.
   *
   * @return the smallest answer
   */
  static int visitUntilSwapped(Way way) {
    int least = 2;
    int seen = 1;
    for (int i = 0; i < VISITS && seen < 2; i++) {
      seen = way.visit();
      least = Math.min(least, seen);
    }
    return least;
  }
}
