package dev.hotswap.examples.app;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.examples.rules.Answer;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.examples.rules.RulesData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that call without pause, each in one of the ways a handle offers, until they are stopped.
 */
final class Callers implements AutoCloseable {
  private static final long LONG_CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Handle<Rules> rules;
  private final Rules kept;
  private final Tally tally;
  private final Loaders loaders;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  /** One way to make a call. */
  private interface Way {
    Answer call(int input);
  }

  private Callers(Handle<Rules> rules, Tally tally, Loaders loaders) {
    this.rules = rules;
    this.kept = rules.proxy();
    this.tally = tally;
    this.loaders = loaders;
  }

  /** Starts calling. */
  static Callers start(Handle<Rules> rules, Tally tally, Loaders loaders) {
    Callers callers = new Callers(rules, tally, loaders);
    for (int i = 1; i <= plainCallers(); i++) {
      callers.add("with-" + i, callers::callWith);
    }
    callers.add("proxy", callers::callProxy);
    callers.add("lease", callers::callLease);
    callers.threads.forEach(Thread::start);
    return callers;
  }

  /** One more call, on the calling thread: none of the newest generations goes unseen. */
  void callOnce() {
    call(this::callWith, 0);
  }

  /** As many as leave a processor to the swaps, so that they are timed and not the queue for it. */
  private static int plainCallers() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() - 2));
  }

  /** How many threads call. */
  int count() {
    return threads.size();
  }

  private void add(String name, Way way) {
    threads.add(new Thread(() -> callOnAndOn(way), "caller-" + name));
  }

  private void callOnAndOn(Way way) {
    for (int input = 0; running; input++) {
      call(way, input);
    }
  }

  private void call(Way way, int input) {
    long horizon = tally.horizon();
    try {
      tally.returned(way.call(input), horizon);
    } catch (Exception | LinkageError e) {
      tally.threw(e);
    }
  }

  private Answer callWith(int input) {
    return rules.with(
        service -> {
          loaders.see(service);
          return new Answer(service.data(), service.evaluate(input));
        });
  }

  /** Through a reference that is kept for good; one call, since each is a call of its own. */
  private Answer callProxy(int input) {
    return kept.answer(input);
  }

  /** A call that takes its time, so that swaps have something to drain. */
  private Answer callLease(int input) {
    try (Lease<Rules> lease = rules.lease()) {
      RulesData data = lease.service().data();
      LockSupport.parkNanos(LONG_CALL_NANOS);
      return new Answer(data, lease.service().evaluate(input));
    }
  }

  /** Lets every thread finish its call; returns when all have ended. */
  @Override
  public void close() {
    running = false;
    boolean interrupted = false;
    for (Thread thread : threads) {
      interrupted |= !joined(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean joined(Thread thread) {
    try {
      thread.join();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
