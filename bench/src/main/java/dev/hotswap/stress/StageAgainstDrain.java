package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Stages that keep the generation which their call entered, against publish and drain. */
@JCStressTest
@Outcome(id = "[12], 1", expect = ACCEPTABLE, desc = "Every stage completed before the unloading.")
@Outcome(id = "-\\d+, .*", expect = FORBIDDEN, desc = "A stage outlived its generation.")
@Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "Lost wake-up: drained was never signalled.")
@State
public class StageAgainstDrain {
  private final House house = new House();

  @Actor
  public void caller(II_Result r) {
    r.r1 = House.visitUntilSwapped(house::stay);
  }

  @Actor
  public void swapper(II_Result r) {
    r.r2 = house.swapAndUnload();
  }
}
