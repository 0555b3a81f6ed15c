package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Traversals over two providers, one of which is swapped meanwhile. */
@JCStressTest
@Outcome(id = "[12], 1", expect = ACCEPTABLE, desc = "Every traversal ended before the unloading.")
@Outcome(id = "-\\d+, .*", expect = FORBIDDEN, desc = "A traversal called what was unloaded.")
@Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "Lost wake-up: drained was never signalled.")
@State
public class TraversalAgainstDrain {
  private final House house = new House().withNeighbour();

  @Actor
  public void caller(II_Result r) {
    r.r1 = House.visitUntilSwapped(house::visitAll);
  }

  @Actor
  public void swapper(II_Result r) {
    r.r2 = house.swapAndUnload();
  }
}
