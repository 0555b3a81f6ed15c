package dev.hotswap.core;

import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Verdict;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;

/**
 * A reclaimed generation while it is watched, by references that do not keep it. It comes into its
 * queue when the class loader is gone for good: after finalizers, which see it once more when the
 * weak reference is empty already. Guarded by the lock of {@link Judge}.
 */
final class Watch extends PhantomReference<ClassLoader> {
  /** That many canaries, one after the other, say that the JVM spares it. */
  private static final int ENOUGH = 2;

  private final WeakReference<ClassLoader> loader;
  private final long since;
  private long canaries;
  private Duration patience;
  private Leaks.Watched told;
  private Verdict before = Verdict.WATCHED;

  /**
   * @param told what is known of it
   * @param loader its class loader; null where that is collected already
   * @param since by {@link Jvm#nanoTime()}
   * @param canaries how many were let go before
   * @param patience how long it is watched at least, before it is found to be held
   */
  Watch(
      Leaks.Watched told,
      ClassLoader loader,
      ReferenceQueue<ClassLoader> queue,
      long since,
      long canaries,
      Duration patience) {
    super(loader, queue);
    this.told = told;
    this.loader = new WeakReference<>(loader);
    this.since = since;
    this.canaries = canaries;
    this.patience = patience;
    if (loader == null) {
      enqueue();
    }
  }

  WeakReference<ClassLoader> loader() {
    return loader;
  }

  Leaks.Watched told() {
    return told;
  }

  Verdict verdict() {
    return told.verdict();
  }

  /** By {@link Jvm#nanoTime()}. */
  long since() {
    return since;
  }

  Duration watchedFor(long now) {
    return Duration.ofNanos(now - since);
  }

  /** Somebody wants to know. */
  void hurry(Duration most) {
    patience = most.compareTo(patience) < 0 ? most : patience;
  }

  /** Whether canaries can still say something about it. A path says more than they do. */
  boolean isOpen() {
    return verdict() == Verdict.WATCHED;
  }

  /** Whether its class loader is collected; that may not have come into the queue yet. */
  boolean isGone() {
    return loader.refersTo(null);
  }

  /**
   * Whether the JVM has unloaded classes since.
   *
   * @param gone how many canaries it has unloaded
   */
  boolean isDecided(long gone) {
    return gone >= canaries + ENOUGH;
  }

  /** How long until its patience is over. */
  long patienceLeft(long now) {
    return patience.toNanos() - (now - since);
  }

  /** The verdict before the last one. */
  Verdict before() {
    return before;
  }

  void judge(Verdict verdict) {
    before = verdict();
    told = told.with(verdict);
  }

  /**
   * The heap was walked for it. Where there is no verdict after that, canaries judge it anew.
   *
   * @param released how many canaries were let go by now
   */
  void found(HoldingPath path, long released) {
    before = verdict();
    told = told.with(path);
    canaries = isOpen() ? released : canaries;
  }
}
