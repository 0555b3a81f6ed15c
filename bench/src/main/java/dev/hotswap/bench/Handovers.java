package dev.hotswap.bench;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Swap;
import dev.hotswap.bench.contract.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import org.HdrHistogram.Histogram;

/** How long callers wait where they are held: for the longest call that meets a handover. */
final class Handovers {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PLUGIN = "bench.held";

  private final Path folder;
  private int version;

  Handovers(Path folder) {
    this.folder = folder;
  }

  /** One row each for what has a resource to itself, for a singleton, and for state. */
  void table(int warmUps, int handovers) throws Exception {
    System.out.printf("%n%-44s %8s %8s %8s%n", "longest wait of a call, ms", "p50", "p99", "max");
    row("handover of what has a resource to itself", PluginJar::exclusive, warmUps, handovers);
    row("handover of a singleton", PluginJar::singleton, warmUps, handovers);
    row("handover of state", PluginJar::keepingState, warmUps, handovers);
  }

  /** The jar of the next version. */
  private interface NextJar {
    Path write(Path folder, String plugin, int version) throws IOException;
  }

  /** Each in a host of its own: nothing is held that a caller of another would wait for. */
  private void row(String what, NextJar next, int warmUps, int handovers) throws Exception {
    Histogram nanos = new Histogram(3);
    try (Host held = Host.builder().standby(Duration.ZERO).share(Rules.class).open()) {
      Handle<Rules> heldRules = held.handle(Rules.class);
      Path first = next.write(folder, PLUGIN, ++version);
      held.swap(first);
      Files.delete(first);
      try (Waiting waiting = new Waiting(heldRules)) {
        for (int i = -warmUps; i < handovers; i++) {
          Path jar = next.write(folder, PLUGIN, ++version);
          waiting.begin();
          Swap swap = held.swap(jar);
          long wait = waiting.longestUntil(version + ".0.0");
          if (i >= 0) {
            nanos.recordValue(wait);
          }
          swap.awaitReclaimed(LIMIT);
          Files.delete(jar);
        }
      }
    }
    System.out.printf(
        "%-44s %8.2f %8.2f %8.2f%n",
        what,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getMaxValue() / 1e6);
  }

  /** A caller that calls all the time, and how long its longest call took of late. */
  private static final class Waiting implements AutoCloseable {
    private final Handle<Rules> called;
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
    private final Thread thread = new Thread(this::call, "waiting");
    private volatile Object answer;
    private volatile boolean closed;

    Waiting(Handle<Rules> called) {
      this.called = called;
      thread.start();
    }

    private void call() {
      while (!closed) {
        long start = System.nanoTime();
        Object answered = called.with(Rules::evaluate);
        longest.accumulate(System.nanoTime() - start);
        answer = answered; // after its time was noted
      }
    }

    void begin() {
      longest.reset();
    }

    /** When the caller has been answered by that version. */
    long longestUntil(Object wanted) {
      while (!wanted.equals(answer) && thread.isAlive()) {
        Thread.onSpinWait();
      }
      if (!wanted.equals(answer)) {
        throw new IllegalStateException("the caller failed, and had had " + answer);
      }
      return longest.get();
    }

    @Override
    public void close() throws InterruptedException {
      closed = true;
      thread.join();
    }
  }
}
