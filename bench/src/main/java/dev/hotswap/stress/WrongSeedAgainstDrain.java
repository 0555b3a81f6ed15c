package dev.hotswap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The negative control, wrong on purpose: the seed's {@code withSO} reads the state and only then
 * takes that version's lock, and a swap can unload in between. {@link OwnerLaneAgainstDrain} with
 * this in place of the handle must report the forbidden outcome, or the test proves nothing.
 */
@JCStressTest
@Outcome(id = "[12], 1", expect = ACCEPTABLE, desc = "Every call ended before the unloading.")
@Outcome(id = "-\\d+, .*", expect = FORBIDDEN, desc = "A call used a generation after drained.")
@State
public class WrongSeedAgainstDrain {
  private record Version(Tenant tenant, ReentrantReadWriteLock lock) {
    static Version of(int generation) {
      return new Version(new Tenant(generation), new ReentrantReadWriteLock());
    }
  }

  private volatile Version state = Version.of(1);

  @Actor
  public void caller(II_Result r) {
    r.r1 = House.visitUntilSwapped(this::visit);
  }

  private int visit() {
    Version version = state;
    version.lock.readLock().lock();
    try {
      return version.tenant.visit();
    } finally {
      version.lock.readLock().unlock();
    }
  }

  @Actor
  public void swapper(II_Result r) {
    Version old = state;
    state = Version.of(2);
    old.lock.writeLock().lock();
    try {
      old.tenant.unload();
    } finally {
      old.lock.writeLock().unlock();
    }
    r.r2 = 1;
  }
}
