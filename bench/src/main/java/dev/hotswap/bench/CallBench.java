package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import dev.hotswap.api.Lease;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.core.PlainWorld;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** One call of a service, by every way of reaching it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class CallBench {
  /** The only service there is. */
  static final class Answer implements Rules {
    private final Object answer = "answer";

    @Override
    public Object evaluate() {
      return answer;
    }
  }

  /** Ways that need no framework. */
  @State(Scope.Benchmark)
  public static class Plain {
    final Rules direct = new Answer();
    volatile Rules field = direct;
    Handle<Rules> handle;
    Rules proxy;

    @Setup
    public void publish() {
      PlainWorld world = new PlainWorld();
      world.swap(Rules.class, direct);
      handle = world.handle(Rules.class);
      proxy = handle.proxy();
    }
  }

  /** Three providers of one contract. */
  @State(Scope.Benchmark)
  public static class Three {
    Handles<Rules> all;
    Handle<Rules> filtered;

    @Setup
    public void publish() {
      PlainWorld world = new PlainWorld();
      for (int i = 0; i < 3; i++) {
        world.add(Rules.class, new Answer(), Map.of("place", i));
      }
      all = world.handles(Rules.class);
      filtered =
          world.handle(Rules.class, "(place=1)", properties -> properties.get("place").equals(1));
    }
  }

  /** Where leases, and calls that the counts do not name, are noted one by one. */
  @State(Scope.Benchmark)
  public static class Tracked {
    Handle<Rules> handle;

    @Setup
    public void publish() {
      PlainWorld world = new PlainWorld(true);
      world.swap(Rules.class, new Answer());
      handle = world.handle(Rules.class);
    }
  }

  /** GHC.Hotswap's {@code withSO}, in Java: read the state, then take that version's lock. */
  @State(Scope.Benchmark)
  public static class Seed {
    private record Version(Rules rules, ReentrantReadWriteLock lock) {}

    private volatile Version state = new Version(new Answer(), new ReentrantReadWriteLock());

    Object call() {
      Version version = state;
      version.lock.readLock().lock();
      try {
        return version.rules.evaluate();
      } finally {
        version.lock.readLock().unlock();
      }
    }
  }

  /** Ways of a real framework. */
  @State(Scope.Benchmark)
  public static class Osgi {
    private BareFelix felix;
    BundleContext context;
    ServiceReference<Rules> reference;
    ServiceTracker<Rules, Rules> tracker;

    @Setup
    public void start() throws Exception {
      felix = new BareFelix(Path.of(System.getProperty("java.io.tmpdir")));
      context = felix.context();
      reference = context.registerService(Rules.class, new Answer(), null).getReference();
      tracker = new ServiceTracker<>(context, Rules.class, null);
      tracker.open();
    }

    @TearDown
    public void stop() throws Exception {
      tracker.close();
      felix.close();
    }
  }

  /** A counter of the thread's own. */
  @State(Scope.Thread)
  public static class Counter {
    final AtomicLong count = new AtomicLong();
  }

  @Benchmark
  public Object direct(Plain plain) {
    return plain.direct.evaluate();
  }

  @Benchmark
  public Object volatileField(Plain plain) {
    return plain.field.evaluate();
  }

  @Benchmark
  public long atomic(Counter counter) {
    return counter.count.getAndIncrement();
  }

  @Benchmark
  public Object readWriteLock(Seed seed) {
    return seed.call();
  }

  @Benchmark
  public Object tracker(Osgi osgi) {
    return osgi.tracker.getService().evaluate();
  }

  @Benchmark
  public Object getAndUnget(Osgi osgi) {
    try {
      return osgi.context.getService(osgi.reference).evaluate();
    } finally {
      osgi.context.ungetService(osgi.reference);
    }
  }

  @Benchmark
  public Object with(Plain plain) {
    return plain.handle.with(rules -> rules.evaluate());
  }

  @Benchmark
  public void use(Plain plain) {
    plain.handle.use(rules -> rules.evaluate());
  }

  @Benchmark
  public Object lease(Plain plain) {
    try (Lease<Rules> lease = plain.handle.lease()) {
      return lease.service().evaluate();
    }
  }

  /** A call inside a call, which takes the shared lane. */
  @Benchmark
  public Object nested(Plain plain) {
    return plain.handle.with(outer -> plain.handle.with(rules -> rules.evaluate()));
  }

  /** By a handle with a filter, which is asked at a publish and never at a call. */
  @Benchmark
  public Object filtered(Three three) {
    return three.filtered.with(rules -> rules.evaluate());
  }

  /** One traversal, which is three calls. */
  @Benchmark
  public void useEachOf3(Three three) {
    three.all.useEach(rules -> rules.evaluate());
  }

  /** One traversal with its list of answers. */
  @Benchmark
  public Object withEachOf3(Three three) {
    return three.all.withEach(rules -> rules.evaluate());
  }

  @Benchmark
  public Object withTracked(Tracked tracked) {
    return tracked.handle.with(rules -> rules.evaluate());
  }

  @Benchmark
  public Object leaseTracked(Tracked tracked) {
    try (Lease<Rules> lease = tracked.handle.lease()) {
      return lease.service().evaluate();
    }
  }

  @Benchmark
  public Object nestedTracked(Tracked tracked) {
    return tracked.handle.with(outer -> tracked.handle.with(rules -> rules.evaluate()));
  }

  @Benchmark
  public Object proxy(Plain plain) {
    return plain.proxy.evaluate();
  }
}
