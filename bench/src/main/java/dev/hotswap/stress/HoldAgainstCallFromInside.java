package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.hotswap.api.Lease;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Callers are held, drained and released to what is new, while one goes on to another service from
 * inside a call: it is let in again, or it would wait for itself, and not after the drain has
 * ended.
 */
@JCStressTest
@Outcome(id = "[12], 1", expect = ACCEPTABLE, desc = "Every call ended before the unloading.")
@Outcome(id = "-\\d+, .*", expect = FORBIDDEN, desc = "A call used a generation after drained.")
@Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "The drain did not end: a call waits for itself.")
@State
public class HoldAgainstCallFromInside {
  private final House house = new House();

  @Actor
  public void caller(II_Result r) {
    r.r1 = House.visitUntilSwapped(this::visit);
  }

  /** It leaves the one when it is inside the other: who looks at both in turn may miss it. */
  private int visit() {
    try (Lease<First> lease = house.second.with(service -> house.first.lease())) {
      return lease.service().tenant().visit();
    }
  }

  @Actor
  public void swapper(II_Result r) {
    r.r2 = house.swapHeld();
  }
}
