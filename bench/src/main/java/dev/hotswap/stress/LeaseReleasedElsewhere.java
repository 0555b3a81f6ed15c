package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Lease;
import dev.hotswap.core.PlainWorld;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A lease taken by one thread and closed, twice, by another, against its generation's retiring. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Drained when released; counted once.")
@Outcome(id = "2, .*", expect = FORBIDDEN, desc = "Drained while the lease was open.")
@Outcome(id = "0, .*", expect = FORBIDDEN, desc = "Lost wake-up: drained was never signalled.")
@Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "The lease was not counted exactly once.")
@State
public class LeaseReleasedElsewhere {
  private static final long LIMIT_NANOS = 5_000_000_000L;

  private final House house = new House();
  private final Lease<First> lease = house.first.lease();
  private volatile boolean releasing;
  private PlainWorld.Retired retired;

  @Actor
  public void releaser() {
    lease.service().tenant().visit();
    releasing = true;
    lease.close();
    lease.close();
  }

  @Actor
  public void swapper(II_Result r) {
    retired = house.swap(2);
    long start = System.nanoTime();
    // without a scan of the waiter's own: only what the releaser signals counts
    while (!retired.isDrained() && System.nanoTime() - start < LIMIT_NANOS) {
      Thread.onSpinWait();
    }
    boolean released = releasing;
    r.r1 = !retired.isDrained() ? 0 : released ? 1 : 2;
  }

  @Arbiter
  public void count(II_Result r) {
    r.r2 = retired.calls().equals(new Calls(1, 1, 0)) ? 1 : 0;
  }
}
