package dev.hotswap.core;

import dev.hotswap.api.*;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.*;

@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class PinBench {
  public interface Rules {
    Object evaluate();
  }

  static final class R1 implements Rules {
    final Object k = "a";

    public Object evaluate() {
      return k;
    }
  }

  volatile Rules field;
  Handle<Rules> handle;

  @State(Scope.Thread)
  public static class Cell {
    final AtomicLong a = new AtomicLong();
    long p0, p1, p2, p3, p4, p5, p6, p7;
  }

  @Setup
  public void up() {
    field = new R1();
    World w = new World(Duration.ofSeconds(1));
    handle = w.handle(Rules.class);
    LiveGeneration g = new LiveGeneration(new Generation("p", 1, "1", "0"));
    w.offer(g, Rules.class, field, new ServiceRank(0, 1));
    w.publish(Optional.empty(), Optional.of(g));
  }

  @Benchmark
  public Object volatileField() {
    return field.evaluate();
  }

  @Benchmark
  public Object with() {
    return handle.with(r -> r.evaluate());
  }

  @Benchmark
  public void use() {
    handle.use(r -> r.evaluate());
  }

  @Benchmark
  public Object lease() {
    try (var l = handle.lease()) {
      return l.service().evaluate();
    }
  }

  @Benchmark
  public Object proxy() {
    return handle.proxy().evaluate();
  }

  @Benchmark
  public long rmw(Cell c) {
    return c.a.getAndAdd(1);
  }
}
