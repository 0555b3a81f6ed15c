package dev.hotswap.core;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A JVM that unloads a canary when the test says so, by a clock that the test turns. */
final class FakeJvm implements Jvm, AutoCloseable {
  final List<Duration> collections = new CopyOnWriteArrayList<>();
  final List<String> threads = new CopyOnWriteArrayList<>();
  volatile Runnable collection = () -> {};
  volatile boolean hasThreads = true;
  private final FreshThreads fresh = new FreshThreads();
  private final List<ClassLoader> kept = new ArrayList<>(); // or the real JVM would have a say
  private Optional<Reference<ClassLoader>> out = Optional.empty();
  private long now;

  @Override
  public synchronized Reference<ClassLoader> canary(ReferenceQueue<ClassLoader> queue) {
    if (out.isPresent()) {
      throw new AssertionError("a canary is out already");
    }
    ClassLoader canary = new ClassLoader() {};
    kept.add(canary);
    out = Optional.of(new WeakReference<>(canary, queue));
    return out.get();
  }

  @Override
  public void collect() {
    collections.add(Duration.ofNanos(nanoTime()));
    collection.run();
  }

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public boolean tryRun(String name, Runnable task) {
    threads.add(name);
    return hasThreads && fresh.tryRun(name, task);
  }

  synchronized int canaries() {
    return kept.size();
  }

  synchronized boolean isOut() {
    return out.isPresent();
  }

  synchronized void pass(Duration time) {
    now += time.toNanos();
  }

  /** Unloads the canary that is out, if one is. */
  synchronized boolean tryUnload() {
    boolean was = out.isPresent();
    Optional<Reference<ClassLoader>> gone = out;
    out = Optional.empty();
    gone.ifPresent(Reference::enqueue);
    return was;
  }

  @Override
  public void close() {
    fresh.end();
  }
}
