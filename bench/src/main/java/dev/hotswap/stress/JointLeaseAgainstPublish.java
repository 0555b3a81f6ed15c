package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** One lease over two slots against one publish of both. */
@JCStressTest
@Outcome(id = "[12], 1", expect = ACCEPTABLE, desc = "Both of one publish, and pinned.")
@Outcome(id = "0, .*", expect = FORBIDDEN, desc = "A mix: the slots were of two publishes.")
@Outcome(id = "-\\d+, .*", expect = FORBIDDEN, desc = "Unloaded while the joint lease was open.")
@Outcome(id = ".*, 0", expect = FORBIDDEN, desc = "Lost wake-up: drained was never signalled.")
@State
public class JointLeaseAgainstPublish {
  private final House house = new House();

  @Actor
  public void caller(II_Result r) {
    r.r1 = House.visitUntilSwapped(house::visitJointly);
  }

  @Actor
  public void swapper(II_Result r) {
    r.r2 = house.swapAndUnload();
  }
}
