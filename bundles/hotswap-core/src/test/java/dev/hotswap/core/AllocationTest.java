package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A call takes no memory once it is compiled. Until then it may, so calls go on in rounds until one
 * round took none; a way that always does never gets there, and is given up after a while.
 */
@Timeout(120)
class AllocationTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int CALLS = 10_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Takes and answers nothing that would have to be made. */
  interface Counter {
    int next(int count);
  }

  private final World world = new World(Duration.ZERO);
  private int count;

  @BeforeEach
  void publish() {
    for (int i = 0; i < 3; i++) {
      FakePlugin plugin = new FakePlugin(world, "counter" + i);
      LiveGeneration next = plugin.stage();
      plugin.offer(next, Counter.class, (Counter) before -> before + 1, Map.of("lang", "de"));
      plugin.publish(next);
    }
  }

  @Test
  void withAllocatesNothing() {
    Handle<Counter> handle = world.handle(Counter.class);
    assertThat(leastBytes(() -> handle.with(counter -> counter == null))).isZero();
  }

  @Test
  void useAllocatesNothing() {
    Handle<Counter> handle = world.handle(Counter.class);
    assertThat(leastBytes(() -> handle.use(counter -> counter.next(1)))).isZero();
  }

  @Test
  void handleWithAFilterAllocatesNothing() {
    Handle<Counter> handle =
        world.handle(
            Counter.class, new ServiceFilter("(lang=de)", found -> "de".equals(found.get("lang"))));
    assertThat(leastBytes(() -> handle.use(counter -> counter.next(1)))).isZero();
  }

  @Test
  void proxyAllocatesNothing() {
    Counter proxy = world.handle(Counter.class).proxy();
    assertThat(leastBytes(() -> count = proxy.next(count))).isZero();
  }

  @Test
  void traversalAllocatesNothing() {
    Handles<Counter> handles = world.handles(Counter.class, ServiceFilter.ANY);
    assertThat(leastBytes(() -> handles.useEach(counter -> counter.next(1)))).isZero();
  }

  /** What a round of calls took, of the round that took least; ends at the first that took none. */
  private static long leastBytes(Runnable call) {
    long least = Long.MAX_VALUE;
    long start = System.nanoTime();
    while (least > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int j = 0; j < CALLS; j++) {
        call.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
