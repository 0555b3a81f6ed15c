package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Receipt.Outcome;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of a side-by-side swap up to the answer: read, stage, check, publish, probe. Whatever
 * fails before publish discards the staged generation; a probe that fails publishes the old one
 * again before it discards.
 */
final class SwapSteps {
  private final World world;
  private final Installer installer;
  private final Duration startLimit;
  private final Ledger ledger;
  private final Retirer retirer;
  private final Probe probe;

  SwapSteps(World world, Installer installer, Duration startLimit, Ledger ledger, Retirer retirer) {
    this.world = world;
    this.installer = installer;
    this.startLimit = startLimit;
    this.ledger = ledger;
    this.retirer = retirer;
    this.probe = new Probe(world, installer);
  }

  /** What came of the steps: the receipt so far, and who has to leave now. */
  record Answer(Receipt receipt, Optional<LiveGeneration> leaving) {}

  Answer swap(RunningSwap swap, Path file) {
    long id = swap.id();
    Jar jar = ledger.take(file);
    Optional<LiveGeneration> old = ledger.current(jar.plugin());
    Optional<Generation> from = old.map(LiveGeneration::generation);
    boolean offered = old.filter(current -> !current.contracts().isEmpty()).isPresent();
    if (offered && from.map(Generation::sha256).equals(Optional.of(jar.sha256()))) {
      return unchanged(swap, jar, from);
    }
    Set<Class<?>> needed = contractsOf(old);
    LiveGeneration next = stage(swap, jar, needed);
    Duration staged = Retirer.since(swap.begun());
    String answeredBy = publish(swap, jar, old, next, needed);
    Duration published = Retirer.since(swap.begun()).minus(staged);
    Receipt receipt =
        new Receipt(
            id,
            jar.plugin(),
            Outcome.SWAPPED,
            from,
            Optional.of(next.generation()),
            Optional.of(answeredBy),
            staged,
            published,
            Optional.empty());
    return new Answer(receipt, old);
  }

  private Answer unchanged(RunningSwap swap, Jar jar, Optional<Generation> current) {
    long id = swap.id();
    ledger.drop(jar);
    ledger.tell(at -> new SwapEvent.Unchanged(id, at, current.orElseThrow()));
    Receipt receipt =
        new Receipt(
            id,
            jar.plugin(),
            Outcome.UNCHANGED,
            current,
            current,
            Optional.empty(),
            Retirer.since(swap.begun()),
            Duration.ZERO,
            Optional.empty());
    return new Answer(receipt, Optional.empty());
  }

  Answer unload(RunningSwap swap, String plugin) {
    long id = swap.id();
    LiveGeneration old =
        ledger.current(plugin).orElseThrow(() -> refused(new Refusal.UnknownPlugin(plugin)));
    world.publish(Optional.of(old), Optional.empty());
    Retirer.close(old);
    Optional<Generation> from = Optional.of(old.generation());
    ledger.tell(at -> new SwapEvent.Published(id, at, plugin, from, Optional.empty()));
    Receipt receipt =
        new Receipt(
            id,
            plugin,
            Outcome.UNLOADED,
            from,
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO,
            Retirer.since(swap.begun()),
            Optional.empty());
    return new Answer(receipt, Optional.of(old));
  }

  private LiveGeneration stage(RunningSwap swap, Jar jar, Set<Class<?>> needed) {
    Subject subject = ledger.subject(jar);
    LiveGeneration next = ledger.begin(jar);
    swap.beginStaging(subject);
    try {
      installer.checkSwappable(jar, subject);
      retirer.hold(next, installer.stage(jar, next, subject));
      if (!swap.endStaging()) {
        throw new IllegalStateException("abandoned: it came up after its start limit");
      }
      checkOffers(next, needed, subject);
    } catch (RuntimeException | Error e) {
      discard(swap, next, subject);
      throw e;
    }
    ledger.tell(at -> new SwapEvent.Staged(swap.id(), at, next.generation()));
    return next;
  }

  /** What callers get from a generation now. */
  private Set<Class<?>> contractsOf(Optional<LiveGeneration> generation) {
    return generation.map(world::answeredBy).orElse(Set.of());
  }

  /** It must offer what callers get from the current generation, or something at least. */
  private void checkOffers(LiveGeneration next, Set<Class<?>> needed, Subject subject) {
    boolean offered = awaitOffers(next, needed);
    next.misfits().stream()
        .findFirst()
        .ifPresent(
            misfit -> {
              throw refused(
                  new Refusal.WrongClassSpace(
                      subject.what(),
                      misfit.contract(),
                      misfit.provider(),
                      misfit.reason(),
                      subject.stands()));
            });
    if (!offered) {
      throw refused(noOffer(next, needed, subject));
    }
  }

  private boolean awaitOffers(LiveGeneration next, Set<Class<?>> needed) {
    try {
      return world.awaitOffers(next, needed, startLimit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Refusal noOffer(LiveGeneration next, Set<Class<?>> needed, Subject subject) {
    List<String> offered = names(next.contracts());
    List<String> missing = names(needed).stream().filter(name -> !offered.contains(name)).toList();
    return new Refusal.NoContractService(
        subject.what(),
        missing.isEmpty() ? installer.contracts() : missing,
        offered,
        next.troubles().isEmpty()
            ? "waited " + startLimit.toMillis() + " ms for it"
            : String.join("; ", next.troubles()),
        subject.stands());
  }

  private static List<String> names(Iterable<Class<?>> types) {
    java.util.TreeSet<String> names = new java.util.TreeSet<>();
    types.forEach(type -> names.add(type.getName()));
    return List.copyOf(names);
  }

  private String publish(
      RunningSwap swap,
      Jar jar,
      Optional<LiveGeneration> old,
      LiveGeneration next,
      Set<Class<?>> needed) {
    long id = swap.id();
    Subject subject = ledger.subject(jar);
    if (!world.tryPublish(old, next, needed)) {
      Refusal refusal = noOffer(next, needed, subject);
      discard(swap, next, subject);
      throw refused(refusal);
    }
    tellPublished(id, jar, old, Optional.of(next));
    try {
      String answeredBy = probe.ask(next, needed, subject);
      // the old one is closed only now, so that a failed probe can go back to it
      old.ifPresent(Retirer::close);
      ledger.tell(at -> new SwapEvent.Answered(id, at, next.generation(), answeredBy));
      return answeredBy;
    } catch (RuntimeException | Error e) {
      world.publish(Optional.of(next), old);
      tellPublished(id, jar, Optional.of(next), old);
      Retirer.close(next);
      throw new SentBackException(next, e);
    }
  }

  private void tellPublished(
      long id, Jar jar, Optional<LiveGeneration> from, Optional<LiveGeneration> to) {
    ledger.tell(
        at ->
            new SwapEvent.Published(
                id,
                at,
                jar.plugin(),
                from.map(LiveGeneration::generation),
                to.map(LiveGeneration::generation)));
  }

  /** The new generation had callers before it was sent back: it has to drain like any other. */
  static final class SentBackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient LiveGeneration leaving;
    private final transient Throwable reason;

    SentBackException(LiveGeneration leaving, Throwable reason) {
      super(null, null, false, false);
      this.leaving = leaving;
      this.reason = reason;
    }

    LiveGeneration leaving() {
      return leaving;
    }

    Throwable reason() {
      return reason;
    }
  }

  /** Takes away what no caller has reached; its stop is foreign code, as its start was. */
  private void discard(RunningSwap swap, LiveGeneration next, Subject subject) {
    swap.beginStaging(subject);
    if (swap.isAbandoned()) {
      Thread.interrupted(); // it was meant for the start
    }
    world.publish(Optional.of(next), Optional.empty()); // what it still offers comes too late
    try {
      retirer.discard(next);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    swap.endStaging();
  }

  private static SwapRefusedException refused(Refusal refusal) {
    return new SwapRefusedException(refusal);
  }
}
