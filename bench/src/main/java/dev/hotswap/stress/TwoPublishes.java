package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two publishes, one after the other, against one caller. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Never older than seen, never older than done.")
@Outcome(id = "1, .*", expect = FORBIDDEN, desc = "A call reached an older generation than before.")
@Outcome(
    id = ".*, 1",
    expect = FORBIDDEN,
    desc = "A call began after a swap returned, on old code.")
@State
public class TwoPublishes {
  private static final int CALLS = 100_000;

  private final House house = new House();
  private volatile int done = 1;

  @Actor
  public void caller(II_Result r) {
    int seen = 1;
    for (int i = 0; i < CALLS && seen < 3; i++) {
      int atLeast = done;
      int now = house.visitWith();
      r.r1 |= now < seen ? 1 : 0;
      r.r2 |= now < atLeast ? 1 : 0;
      seen = now;
    }
  }

  @Actor
  public void swapper() {
    house.swap(2);
    done = 2;
    house.swap(3);
    done = 3;
  }
}
