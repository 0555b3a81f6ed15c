package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Stamped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A chain of calls over three plugins that are swapped together sees one set, never a mix. */
@Timeout(300)
class ChainsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int CALLERS = 2;
  private static final long CHAINS = 5_000_000; // of each caller, at least
  private static final int SETS = 100; // at least
  private static final int BURST = 10_000;
  private static final long BREATH_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  @TempDir Path folder;
  private Host host;
  private Handle<Stamped.Head> head;
  private Handle<Stamped.Middle> middle;
  private Handle<Stamped.Tail> tail;
  private volatile int sets;
  private final AtomicLong chains = new AtomicLong();
  private final AtomicReference<String> failure = new AtomicReference<>();

  @Test
  void noChainOfTenMillionIsAnsweredByTwoSets() throws Exception {
    try (Host opened =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Stamped.Head.class, Stamped.Middle.class, Stamped.Tail.class)
            .open()) {
      host = opened;
      head = host.handle(Stamped.Head.class);
      middle = host.handle(Stamped.Middle.class);
      tail = host.handle(Stamped.Tail.class);
      nextSet().awaitReclaimed(LIMIT);
      List<Thread> callers = callers();
      while (callers.stream().anyMatch(Thread::isAlive)) {
        nextSet().awaitReclaimed(LIMIT);
      }
      for (Thread caller : callers) {
        TimeUnit.SECONDS.timedJoin(caller, LIMIT.toSeconds());
      }
      assertThat(failure).hasNullValue();
      assertThat(chains).hasValueGreaterThanOrEqualTo(CALLERS * CHAINS);
    }
  }

  private List<Thread> callers() {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(this::call, "chains-" + i);
      caller.setDaemon(true);
      caller.start();
      callers.add(caller);
    }
    return callers;
  }

  private void call() {
    long done = 0;
    try {
      while ((done < CHAINS || sets < SETS) && failure.get() == null) {
        chain();
        if (++done % BURST == 0) {
          LockSupport.parkNanos(BREATH_NANOS); // there may be no processor for the swaps
        }
      }
    } catch (RuntimeException | LinkageError e) {
      failure.compareAndSet(null, e.toString());
    } finally {
      chains.addAndGet(done);
    }
  }

  private void chain() {
    try (JointLease set = host.lease(head, middle, tail)) {
      int first = set.service(head).stamp();
      int second = set.service(middle).stamp();
      int third = set.service(tail).stamp();
      if (first != second || second != third) {
        failure.compareAndSet(null, "mixed: " + first + ", " + second + ", " + third);
      }
    }
  }

  private Swap nextSet() throws Exception {
    int stamp = sets + 1;
    Path[] jars = {jar("head", stamp), jar("middle", stamp), jar("tail", stamp)};
    Swap swap = host.swap(jars);
    for (Path jar : jars) {
      Files.delete(jar);
    }
    sets = stamp;
    return swap;
  }

  private Path jar(String name, int stamp) {
    return PluginJar.named(name, stamp + ".0.0")
        .header("Test-Contract", name)
        .activator("LinkActivator")
        .in(folder);
  }
}
