package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Swaps plugins side by side: the new generations are brought up beside the old ones, take over in
 * one write, and the old ones leave when their last calls have ended.
 *
 * <p>Swaps take turns, in the order of asking. A turn lasts until the new generations have
 * answered; it never waits for a drain, which is why a swap may be asked for from inside a call. A
 * swap runs on its asker's thread, but for the code of plugins, which runs on {@linkplain
 * FreshThreads fresh threads}, as does the seeing off of old generations.
 *
 * <p>Thread-safe.
 */
public final class SideBySideSwapper implements Swapper, AutoCloseable {
  private final World world;
  private final SwapSettings settings;
  private final Ledger ledger;
  private final Retirer retirer;
  private final Stager stager;
  private final Publisher publisher;
  private final FreshThreads threads = new FreshThreads();
  private final ForeignCode foreign = new ForeignCode(threads);
  private final Turn turn = new Turn();
  private final History history;
  private final Places places;
  private final Reversal reversal;
  private final Departures departures;
  private final Optional<Standby> standby;
  private final Receipts receipts;

  /**
   * @param world where it publishes
   * @param installer the framework's side
   * @param store where the bytes go
   * @param settings its times
   * @param clock for the times in events
   */
  public SideBySideSwapper(
      World world,
      Installer installer,
      ContentStore store,
      SwapSettings settings,
      InstantSource clock) {
    this.world = world;
    this.settings = settings;
    this.ledger = new Ledger(store, clock, settings.liveGenerations());
    this.places = ledger.places();
    this.receipts = ledger.receipts();
    this.retirer = new Retirer(world, settings.drainDeadline(), ledger);
    this.stager = new Stager(world, installer, foreign, settings.startLimit(), ledger, retirer);
    Handover handover = new Handover(world, stager, foreign, settings, ledger, retirer);
    this.publisher = new Publisher(world, installer, stager, handover, ledger);
    this.history = new History(store, settings.history());
    this.reversal = new Reversal(world, ledger, history);
    this.departures = new Departures(threads, ledger, retirer, this::reverseOverdue);
    this.standby =
        settings.standby().isZero()
            ? Optional.empty()
            : Optional.of(new Standby(settings.standby(), retirer));
    standby.ifPresent(retirer::standby);
  }

  @Override
  public Plan plan(Path... jars) {
    Draft draft = receipts.plan(jars);
    return inTurn(names(jars), draft, () -> stager.plan(draft, List.of(jars)).told());
  }

  @Override
  public Swap swap(SwapOptions options, Path... jars) {
    Draft draft = receipts.swap(options.asked().orElseGet(Asked::here), jars);
    Departure.Terms terms = Departure.Terms.of(settings, options);
    return withPlaces(
        terms,
        names(jars),
        draft,
        admission -> publish(draft, terms, stager.stage(draft, List.of(jars), admission)));
  }

  @Override
  public StagedSet stage(Asked asked, Path... jars) {
    String what = names(jars);
    Draft draft = receipts.swap(asked, jars);
    return withPlaces(
        usualTerms(),
        what,
        draft,
        admission -> {
          Stager.Ready ready = stager.stage(draft, List.of(jars), admission);
          draft.pause();
          return new PendingSet(draft, what, ready);
        });
  }

  private Departure.Terms usualTerms() {
    return Departure.Terms.of(settings, SwapOptions.NONE);
  }

  /** Tries in turn; without places it waits for them outside the turn, and tries again. */
  private <T> T withPlaces(
      Departure.Terms terms, String what, Draft draft, Function<Consumer<SetPlan>, T> work) {
    Places.Wish wish = new Places.Wish();
    long begun = System.nanoTime();
    try {
      while (true) {
        try {
          return inTurn(what, draft, () -> work.apply(plan -> places.require(wish, plan)));
        } catch (Places.FullException full) {
          draft.step(Draft.Step.TURN);
          if (!places.await(wish, terms.deadline().minus(Retirer.since(begun)))) {
            throw refused(draft, places.refusal(wish, Retirer.since(begun)));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(
          draft, new Refusal.Failed(what, "interrupted while waiting for a generation to leave"));
    } finally {
      places.end(wish);
    }
  }

  @Override
  public Swap rollback(Asked asked, String plugin) {
    Draft draft = receipts.draft(Receipt.Verb.ROLLBACK, asked);
    return inTurn(plugin, draft, () -> rollback(draft, plugin));
  }

  @Override
  public Swap unload(Asked asked, String plugin) {
    Draft draft = receipts.draft(Receipt.Verb.UNLOAD, asked);
    return inTurn(plugin, draft, () -> unload(draft, plugin));
  }

  @Override
  public List<Receipt> receipts() {
    return receipts.last();
  }

  @Override
  public Optional<Receipt> receipt(long id) {
    return receipts.of(id);
  }

  @Override
  public List<Generation> decideDrain(String plugin, DeadlinePolicy policy) {
    if (ledger.all().stream().noneMatch(live -> live.generation().plugin().equals(plugin))) {
      throw refused(receipts.decision(0), new Refusal.UnknownPlugin(plugin));
    }
    List<Departure> draining = departures.of(plugin);
    if (draining.isEmpty()) {
      return List.of();
    }
    return policy == DeadlinePolicy.REVERSE
        ? reverse(draining.get(draining.size() - 1), plugin)
        : departures.decide(draining, plugin, policy);
  }

  private List<Generation> reverse(Departure departure, String plugin) {
    return inTurn(
        plugin,
        receipts.decision(departure.swap()),
        () -> {
          Optional<LiveGeneration> back = Departures.waiting(departure, plugin);
          departures.begin(reversal.reverse(departure, plugin));
          return back.map(LiveGeneration::generation).stream().toList();
        });
  }

  /**
   * Unless it has drained while it waited for the turn; a refusal is told, and the drain goes on.
   */
  private void reverseOverdue(Departure departure, LiveGeneration old) {
    try {
      inTurn(
          old.generation().plugin(),
          receipts.decision(departure.swap()),
          () -> {
            if (!old.isDrained()) {
              departures.begin(reversal.reverse(departure, old.generation().plugin()));
            }
            return true;
          });
    } catch (SwapRefusedException e) {
      return; // the event has told it
    }
  }

  @Override
  public Snapshot snapshot() {
    return ledger.snapshot();
  }

  @Override
  public List<Holder> holders(String plugin) {
    return ledger.all().stream()
        .filter(live -> live.generation().plugin().equals(plugin))
        .flatMap(live -> live.holders().stream())
        .toList();
  }

  @Override
  public Subscription subscribe(SwapListener listener) {
    return ledger.events().subscribe(listener);
  }

  /**
   * Says that somebody other than a swap takes services of a generation away, or the whole bundle.
   *
   * @param generation whose services they were
   * @param gone whether its bundle is uninstalled
   * @param cause what happened, for the event
   */
  public void withdrawn(LiveGeneration generation, boolean gone, String cause) {
    if (gone) {
      world.publish(List.of(generation), List.of());
      standby.ifPresent(place -> place.forget(generation));
      retirer.forget(generation);
    }
    ledger.tell(at -> new SwapEvent.Withdrawn(0, at, generation.generation(), cause));
  }

  /**
   * Ends all swapping: waits for the turn, takes every plugin out of the world, gives calls in
   * flight until the drain deadline to end, and then ends the threads that are still seeing
   * generations off. The framework is stopped by the caller, afterwards. Idempotent.
   */
  @Override
  public void close() {
    boolean interrupted = false;
    try {
      // a turn ends within the start limit; one that is held by our own caller never would
      try {
        turn.close(settings.startLimit().multipliedBy(3));
      } finally {
        places.close(); // who waits there tries once more, and gets no turn
      }
      world.close();
      drainAll();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    standby.ifPresent(Standby::close);
    interrupted |= !threads.end();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void drainAll() throws InterruptedException {
    long end = System.nanoTime() + settings.drainDeadline().toNanos();
    ledger.all().forEach(LiveGeneration::close);
    for (LiveGeneration generation : ledger.all()) {
      Retirer.awaitDrained(generation, Duration.ofNanos(end - System.nanoTime()));
    }
  }

  private static String names(Path... jars) {
    if (jars.length == 0) {
      throw new IllegalArgumentException("no file to swap was named");
    }
    return Arrays.stream(jars).map(Path::toString).collect(Collectors.joining(", "));
  }

  /** Waits for the turn, and does the work in it. */
  private <T> T inTurn(String what, Draft draft, Supplier<T> work) {
    Thread asker = Thread.currentThread();
    if (turn.isHeldBy(asker) || foreign.isRunBy(asker)) {
      throw refused(
          draft,
          new Refusal.Failed(what, "it was asked for by a listener or plugin of a swap under way"));
    }
    Optional<Refusal> none = turn.begin(what);
    if (none.isPresent()) {
      throw refused(draft, none.get());
    }
    List<LiveGeneration> before = current();
    try {
      return work.get();
    } catch (Publisher.SentBackException e) {
      String back = "callers met it for a moment, and what it replaces is current again";
      throw sentBack(draft, refusal(what, e.getCause(), back), e);
    } catch (Places.FullException e) {
      throw e; // not refused yet
    } catch (RuntimeException | Error e) {
      throw refused(draft, refusal(what, e, state(before)));
    } finally {
      turn.end();
    }
  }

  private Swap publish(Draft draft, Departure.Terms terms, Stager.Ready ready) {
    List<Change> changes = ready.changes();
    if (changes.isEmpty()) {
      return unchanged(draft, ready.plan());
    }
    Departure.Undo undo = new Departure.Undo(changes, publishAndRemember(draft, changes));
    Receipt receipt = draft.done(Receipt.Outcome.SWAPPED, changes, List.of());
    return seenOff(receipt, leaving(changes, List.of()), terms, Optional.of(undo));
  }

  private History.Past publishAndRemember(Draft draft, List<Change> changes) {
    return keepingBytes(
        changes,
        () -> {
          publisher.publish(draft, changes, List.of());
          return history.add(changes);
        });
  }

  /**
   * Has the bytes of what is replaced outlive the work: the way back from a handover needs them.
   */
  private <T> T keepingBytes(List<Change> changes, Supplier<T> work) {
    List<Jar> bytes = new ArrayList<>();
    changes.forEach(change -> change.old().ifPresent(old -> bytes.add(ledger.again(old))));
    try {
      return work.get();
    } finally {
      bytes.forEach(ledger::drop);
    }
  }

  private Swap rollback(Draft draft, String plugin) {
    draft.step(Draft.Step.PLAN);
    History.Past past = undoable(plugin);
    List<History.Part> back = new ArrayList<>();
    List<LiveGeneration> olds = new ArrayList<>();
    List<LiveGeneration> unwanted = new ArrayList<>(); // what was new with that swap
    for (History.Part part : past.parts()) {
      part.before().ifPresentOrElse(olds::add, () -> unwanted.add(part.after()));
      part.before().ifPresent(before -> back.add(part));
    }
    boolean stand =
        stager.isEnough(olds, unwanted) && standby.filter(place -> place.tryTake(olds)).isPresent();
    Stager.Ready ready =
        stand
            ? stager.restart(draft, back)
            : stager.stageJars(draft, olds.stream().map(ledger::again).toList(), unwanted);
    keepingBytes(
        ready.changes(),
        () -> {
          publisher.publish(draft, ready.changes(), unwanted);
          return true;
        });
    history.undone(past, ready.changes());
    return answered(
        draft.done(Receipt.Outcome.ROLLED_BACK, ready.changes(), unwanted),
        ready.changes(),
        unwanted);
  }

  /** The last swap of the plugin, if all that it published is still current. */
  private History.Past undoable(String plugin) {
    LiveGeneration current =
        ledger
            .current(plugin)
            .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(plugin)));
    Optional<Generation> stands = Optional.of(current.generation());
    History.Past past =
        history
            .last(plugin)
            .orElseThrow(
                () ->
                    new SwapRefusedException(
                        new Refusal.NoWayBack(plugin, "no generation before it is kept", stands)));
    for (History.Part part : past.parts()) {
      if (ledger.current(part.plugin()).filter(part.after()::equals).isEmpty()) {
        String reason =
            part.plugin() + ", which was swapped together with it, has been changed since";
        throw new SwapRefusedException(new Refusal.NoWayBack(plugin, reason, stands));
      }
    }
    if (past.parts().stream().allMatch(part -> part.before().isEmpty())) {
      String reason = "it was new with its last swap; unload takes it away";
      throw new SwapRefusedException(new Refusal.NoWayBack(plugin, reason, stands));
    }
    return past;
  }

  private Swap unchanged(Draft draft, SetPlan plan) {
    List<Generation> same =
        plan.members().stream()
            .map(member -> member.replaces().orElseThrow().generation())
            .toList();
    for (Generation current : same) {
      ledger.tell(at -> new SwapEvent.Unchanged(draft.id(), at, current));
    }
    return answered(draft.unchanged(same), List.of(), List.of());
  }

  private Swap unload(Draft draft, String plugin) {
    draft.step(Draft.Step.PUBLISH);
    LiveGeneration old =
        ledger
            .current(plugin)
            .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(plugin)));
    world.announceLeave(old);
    world.publish(List.of(old), List.of());
    old.close();
    Optional<Generation> from = Optional.of(old.generation());
    ledger.tell(at -> new SwapEvent.Published(draft.id(), at, plugin, from, Optional.empty()));
    List<LiveGeneration> gone = List.of(old);
    return answered(draft.done(Receipt.Outcome.UNLOADED, List.of(), gone), List.of(), gone);
  }

  private Swap answered(Receipt receipt, List<Change> changes, List<LiveGeneration> unwanted) {
    return seenOff(receipt, leaving(changes, unwanted));
  }

  /** What the changes replace, and what nothing takes the place of; dependents first. */
  private static List<LiveGeneration> leaving(List<Change> changes, List<LiveGeneration> unwanted) {
    List<LiveGeneration> leaving = new ArrayList<>();
    changes.forEach(change -> change.old().ifPresent(old -> leaving.add(0, old)));
    unwanted.forEach(gone -> leaving.add(0, gone));
    return leaving;
  }

  /** It cannot be reversed. */
  private Swap seenOff(Receipt receipt, List<LiveGeneration> leaving) {
    return seenOff(receipt, leaving, usualTerms(), Optional.empty());
  }

  private Swap seenOff(
      Receipt receipt,
      List<LiveGeneration> leaving,
      Departure.Terms terms,
      Optional<Departure.Undo> undo) {
    RunningSwap swap = receipts.keep(receipt, leaving.size());
    departures.begin(new Departure(receipt.id(), leaving, terms, Optional.of(swap), undo));
    return swap;
  }

  private List<LiveGeneration> current() {
    return ledger.all().stream().filter(LiveGeneration::isCurrent).toList();
  }

  private String state(List<LiveGeneration> before) {
    return current().equals(before)
        ? "nothing has changed"
        : "what is current has changed meanwhile, see snapshot()";
  }

  private static Refusal refusal(String what, Throwable thrown, String state) {
    return thrown instanceof SwapRefusedException refused
        ? refused.refusal()
        : new Refusal.Failed(what, Thrown.asText(thrown), state);
  }

  private SwapRefusedException refused(Draft draft, Refusal refusal) {
    Optional<Receipt> receipt =
        draft.isKept() ? Optional.of(draft.refused(refusal, List.of())) : Optional.empty();
    receipt.ifPresent(whole -> receipts.keep(whole, 0));
    ledger.tell(at -> new SwapEvent.Refused(draft.id(), at, refusal));
    return new SwapRefusedException(refusal, receipt);
  }

  /** The new generations had callers: they are seen off as old ones are. */
  private SwapRefusedException sentBack(
      Draft draft, Refusal refusal, Publisher.SentBackException back) {
    Receipt receipt = draft.refused(refusal, back.told());
    seenOff(receipt, back.leaving());
    ledger.tell(at -> new SwapEvent.Refused(draft.id(), at, refusal));
    return new SwapRefusedException(refusal, Optional.of(receipt));
  }

  /** A staged set in the hands of whoever asked for it. */
  private final class PendingSet implements StagedSet {
    private final Draft draft;
    private final String what;
    private final Stager.Ready ready;
    private final AtomicBoolean ended = new AtomicBoolean();

    PendingSet(Draft draft, String what, Stager.Ready ready) {
      this.draft = draft;
      this.what = what;
      this.ready = ready;
    }

    @Override
    public Plan plan() {
      return ready.plan().told();
    }

    @Override
    public Swap publish() {
      Draft next = draft.again();
      return inTurn(what, next, () -> publishOnce(next));
    }

    private Swap publishOnce(Draft next) {
      if (!ended.compareAndSet(false, true)) {
        throw stale("it was published or discarded before");
      }
      next.continues(draft);
      if (stager.isStale(ready)) {
        stager.discard(draft.id(), ready.changes());
        throw stale("what it was planned against has changed meanwhile");
      }
      return SideBySideSwapper.this.publish(next, usualTerms(), ready);
    }

    private SwapRefusedException stale(String reason) {
      Optional<Generation> stands =
          ready.plan().members().stream()
              .findFirst()
              .flatMap(member -> ledger.current(member.jar().plugin()))
              .map(LiveGeneration::generation);
      return new SwapRefusedException(new Refusal.Stale(what, reason, stands));
    }

    @Override
    public void discard() {
      boolean first = ended.compareAndSet(false, true);
      if (first && !ready.changes().isEmpty() && !turn.isClosing()) {
        stager.discard(draft.id(), ready.changes());
      }
    }
  }
}
