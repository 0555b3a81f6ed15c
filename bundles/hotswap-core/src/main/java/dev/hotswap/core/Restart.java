package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings up what the journal says is current, one after the other, providers first, each under the
 * number that it had. One that misses something is tried again after the others; those that miss
 * each other are brought up together. What does not come up {@linkplain FallBack falls back}. Used
 * in turn, before anybody else asks for anything, but for what is {@linkplain #noted noted}.
 */
final class Restart {
  private final Installer installer;
  private final BringUp bringUp;
  private final FallBack fallBack;
  private final Ledger ledger;
  private final Deployment recorded;
  private volatile int attempts = Integer.MAX_VALUE;

  Restart(Installer installer, BringUp bringUp, Ledger ledger) {
    this.installer = installer;
    this.bringUp = bringUp;
    this.fallBack = new FallBack(bringUp, ledger);
    this.ledger = ledger;
    this.recorded = ledger.deployment();
  }

  /** Whether there is anything to bring up. */
  boolean isNeeded() {
    return !recorded.current().isEmpty();
  }

  /**
   * From now on.
   *
   * @param most how many starts in a row the process may die in, before a generation is not started
   *     any more
   */
  void attempts(int most) {
    attempts = most;
  }

  void run() {
    List<Generation> waiting = new ArrayList<>();
    List<Generation> deadly = new ArrayList<>();
    for (Generation generation : inOrder()) {
      (recorded.died(generation) < attempts ? waiting : deadly).add(generation);
    }
    Map<Generation, Refusal> failed = new LinkedHashMap<>();
    for (Generation generation : deadly) {
      failed.put(generation, died(generation));
    }
    failed.putAll(bringUpAll(waiting));
    failed.forEach((generation, refusal) -> fallBack.run(generation, refusal, attempts));
    bringUp.ended();
    ledger.recallNoMore();
  }

  private static Refusal died(Generation generation) {
    return new Refusal.Failed(
        generation.plugin() + " " + generation.version(),
        "the process died in the last starts of " + generation,
        "it is not started again");
  }

  /** Why a file is not swapped in. */
  Refusal died(Jar jar) {
    return new Refusal.Failed(
        jar.label(),
        "the process died in the last starts with this file",
        ledger
            .subject(jar)
            .stands()
            .map(old -> old.label() + " stays current")
            .orElse("it is left out"));
  }

  /** Those first that others are wired to; else as they came. */
  private List<Generation> inOrder() {
    List<Jar> jars = new ArrayList<>();
    recorded.current().values().forEach(each -> ledger.bytes(each).ifPresent(jars::add));
    Map<String, Generation> left = new LinkedHashMap<>(recorded.current());
    List<Generation> ordered = new ArrayList<>();
    for (SetPlan.Member member : installer.plan(jars, plugin -> Optional.empty()).members()) {
      ordered.add(left.remove(member.jar().plugin()));
    }
    ordered.addAll(left.values()); // what is no bundle any more: its refusal says so
    return ordered;
  }

  /** Answers what did not come up, and why. */
  private Map<Generation, Refusal> bringUpAll(List<Generation> generations) {
    Map<Generation, Refusal> failed = new LinkedHashMap<>();
    List<Generation> waiting = generations;
    boolean more = true;
    while (more && !waiting.isEmpty()) {
      List<Generation> missing = new ArrayList<>();
      more = false;
      for (Generation generation : waiting) {
        failed.remove(generation);
        Optional<Refusal> refusal = tryBringUp(List.of(generation));
        more |= refusal.isEmpty(); // which may be what others missed
        refusal.ifPresent(reason -> failed.put(generation, reason));
        refusal.filter(Restart::misses).ifPresent(reason -> missing.add(generation));
      }
      waiting = missing;
    }
    if (waiting.size() > 1 && tryBringUp(waiting).isEmpty()) {
      failed.keySet().removeAll(waiting);
    }
    return failed;
  }

  private Optional<Refusal> tryBringUp(List<Generation> generations) {
    try {
      bringUp.again(generations);
      return Optional.empty();
    } catch (SwapRefusedException e) {
      return Optional.of(e.refusal());
    }
  }

  /** Something that another may bring. */
  private static boolean misses(Refusal refusal) {
    return refusal instanceof Refusal.Unresolvable || refusal instanceof Refusal.NoContractService;
  }

  /** The bytes of a file that the host is opened with; empty where it is not readable. */
  Optional<Jar> read(Path file) {
    try {
      Jar jar = ledger.take(file);
      ledger.drop(jar);
      return Optional.of(jar);
    } catch (SwapRefusedException e) {
      return Optional.empty(); // the swap says so
    }
  }

  /** Whether the process has died in so many starts of it in a row. */
  boolean isDeadly(Jar jar) {
    return ledger.deployment().died(jar.plugin(), jar.sha256()) >= attempts;
  }

  /** Has the journal say that they are started, until that has come to an end, whichever. */
  <T> T noted(List<Jar> jars, Supplier<T> start) {
    List<Generation> begun = jars.stream().map(Restart::unnumbered).toList();
    ledger.note(new Entry.Starting(begun, List.of()));
    try {
      return start.get();
    } finally {
      ledger.note(new Entry.Starting(List.of(), begun));
    }
  }

  /** It is to be a generation, but has no number yet. */
  private static Generation unnumbered(Jar jar) {
    return new Generation(jar.plugin(), 0, jar.version(), jar.sha256());
  }

  /** The host was opened with it; that is news only once. */
  void offered(Jar jar) {
    if (!jar.sha256().equals(ledger.deployment().offered().get(jar.plugin()))) {
      ledger.note(new Entry.Offered(jar.plugin(), jar.sha256()));
    }
  }

  /** Whether the restart has brought these bytes up, or said why not. */
  boolean wasCurrent(Jar jar) {
    return Optional.ofNullable(recorded.current().get(jar.plugin()))
        .filter(generation -> generation.sha256().equals(jar.sha256()))
        .isPresent();
  }

  /** Whether the host before this one had these bytes: then what it did with them goes. */
  boolean isKnown(Jar jar) {
    return recorded.hasSeen(jar.plugin(), jar.sha256());
  }
}
