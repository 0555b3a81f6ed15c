package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Calls by a generated proxy against publish and drain. */
@JCStressTest
@Outcome(id = "[12], 1", expect = ACCEPTABLE, desc = "Every call ended before the unloading.")
@Outcome(id = "-\\d+, .*", expect = FORBIDDEN, desc = "A call used a generation after drained.")
@Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "Lost wake-up: drained was never signalled.")
@State
public class ProxyAgainstDrain {
  private final House house = new House();

  @Actor
  public void caller(II_Result r) {
    r.r1 = House.visitUntilSwapped(house::visitProxied);
  }

  @Actor
  public void swapper(II_Result r) {
    r.r2 = house.swapAndUnload();
  }
}
