package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HeapWalkException;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Verdict;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says of reclaimed generations whether the JVM could unload their classes, and takes back what
 * they have left behind.
 *
 * <p><b>When a class loader is still there, that proves nothing</b>: not after any time, and not
 * after any number of collections. Collections of the young generation unload no classes, and a JVM
 * that has enough memory may go on for days with those alone. So there is a control. Once nothing
 * of the host's refers to a generation any more, a <em>canary</em> is let go: another class loader,
 * that has defined a class and that nothing has ever referred to. When the JVM has unloaded the
 * canary and not the generation, it has looked for classes that nobody can reach, at a time when
 * the host had long let go of these, and has found somebody who can. A single canary might go in a
 * collection that caught the generation's last user, a thread on its way out, in the act; a second
 * one is let go when the first is gone, and the generation has to outlive that too, and {@code
 * verdict.after}. Where the JVM unloads nothing, all that can be said is {@link Verdict#WATCHED}.
 *
 * <p>What is compared is the same for both: weak references to class loaders, that one and the same
 * collection clears together. {@link Verdict#COLLECTED} is said later than that where the plugin
 * has finalizers: when those have run.
 *
 * <p>Nothing here is on the path of a call. All verdicts are given by one thread, which is there as
 * long as something is watched. Thread-safe.
 */
final class Verdicts implements Leaks, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Verdicts.class.getName());

  private final Ledger ledger;
  private final VerdictSettings settings;
  private final Aftercare aftercare;
  private final Jvm jvm;
  private final Judge judge;
  private final Set<String> walked = ConcurrentHashMap.newKeySet();

  Verdicts(Ledger ledger, VerdictSettings settings, Aftercare aftercare, Jvm jvm) {
    this.ledger = ledger;
    this.settings = settings;
    this.aftercare = aftercare;
    this.jvm = jvm;
    this.judge = new Judge(settings, jvm, this::judged);
  }

  /**
   * A generation is reclaimed: takes back what it has left behind, and watches it from now on.
   *
   * @param swap by which it was, unless a kept receipt says by which it left
   * @param loader its class loader, which is not kept
   */
  void watch(long swap, Generation generation, WeakReference<ClassLoader> loader) {
    long left = ledger.receipts().leftBy(generation).orElse(swap);
    List<Leftover> leftovers = takeBack(generation, loader);
    ledger.receipts().leftBehind(generation, leftovers);
    for (Leftover each : leftovers) {
      ledger.tell(at -> new SwapEvent.LeftBehind(left, at, generation, each));
    }
    ledger.receipts().judged(generation, Verdict.WATCHED);
    Watched told =
        new Watched(generation, left, ledger.now(), Verdict.WATCHED, leftovers, Optional.empty());
    judge.watch(told, loader);
  }

  /** As {@link #watch}, on a thread of its own: this one may hold a lock that is not ours. */
  void watchElsewhere(long swap, Generation generation, WeakReference<ClassLoader> loader) {
    jvm.tryRun("hotswap-leftovers", () -> watch(swap, generation, loader));
  }

  private List<Leftover> takeBack(Generation generation, WeakReference<ClassLoader> loader) {
    ClassLoader found = loader.get();
    try {
      return found == null ? List.of() : List.copyOf(aftercare.leftovers().undo(found));
    } catch (RuntimeException | Error e) { // it may have called code of the plugin
      LOG.log(
          System.Logger.Level.WARNING,
          "event=leftovers-failed generation=\"" + generation + "\" thrown=" + Thrown.asText(e));
      return List.of();
    }
  }

  private void judged(Judge.Finding found) {
    tell(found);
    String plugin = found.told().generation().plugin();
    if (found.verdict() == Verdict.HELD && settings.whyOnce() && walked.add(plugin)) {
      jvm.tryRun("hotswap-why", () -> walkFor(plugin));
    }
  }

  private void tell(Judge.Finding found) {
    Generation generation = found.told().generation();
    ledger.receipts().judged(generation, found.verdict());
    if (found.isNews()) {
      ledger.tell(
          at ->
              new SwapEvent.Judged(
                  found.told().swap(), at, generation, found.verdict(), found.after()));
    }
  }

  @Override
  public List<Watched> watched() {
    return snapshot().watched();
  }

  @Override
  public Count count() {
    return snapshot().count();
  }

  Snapshot.Reclaimed snapshot() {
    return judge.snapshot();
  }

  @Override
  public List<Watched> collectNow(Duration limit) {
    judge.collectNow(limit);
    return watched();
  }

  @Override
  public Optional<HeapWalk.Estimate> estimate() {
    return aftercare.walk().get().map(HeapWalk::estimate);
  }

  @Override
  public List<HoldingPath> why(Optional<String> plugin) {
    HeapWalk walk = aftercare.walk().get().orElseThrow(Verdicts::noWalk);
    Map<Generation, WeakReference<ClassLoader>> loaders = judge.loaders(plugin);
    List<HoldingPath> paths = loaders.isEmpty() ? List.of() : walk.walk(loaders);
    paths.forEach(this::found);
    return paths;
  }

  @Override
  public Optional<Path> whyAndKeep(Optional<String> plugin) {
    HeapWalk walk = aftercare.walk().get().orElseThrow(Verdicts::noWalk);
    Map<Generation, WeakReference<ClassLoader>> loaders = judge.loaders(plugin);
    if (loaders.isEmpty()) {
      return Optional.empty();
    }
    HeapWalk.Kept kept = walk.walkAndKeep(loaders);
    kept.paths().forEach(this::found);
    return kept.dump();
  }

  private static HeapWalkException noWalk() {
    return new HeapWalkException(
        "this host cannot walk its heap, so it is not known what holds a generation. Start the bundle"
            + " hotswap-leaks beside hotswap-osgi, or open the host with a HeapWalk, then ask again.");
  }

  /** What was collected meanwhile is held by nothing. */
  private void found(HoldingPath path) {
    for (Judge.Finding found : judge.found(path).stream().toList()) {
      long swap = found.told().swap();
      ledger.tell(at -> new SwapEvent.PathFound(swap, at, path.generation(), path));
      tell(found);
    }
  }

  /** Nobody waits for it, and nobody could catch what it throws. */
  private void walkFor(String plugin) {
    try {
      why(Optional.of(plugin));
    } catch (RuntimeException | Error e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "event=not-walked plugin=" + plugin + " reason=\"" + Thrown.asText(e) + "\"");
    }
  }

  /** Watches nothing any more, and ends the thread. Idempotent. */
  @Override
  public void close() {
    judge.close();
  }
}
