package dev.hotswap.core;

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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
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
  private final AtomicLong ids = new AtomicLong();

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
    this.retirer = new Retirer(world, settings.drainDeadline(), ledger);
    this.stager = new Stager(world, installer, foreign, settings.startLimit(), ledger, retirer);
    this.publisher = new Publisher(world, installer, stager, ledger);
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
    return inTurn(names(jars), () -> 0, id -> stager.plan(List.of(jars)).told());
  }

  @Override
  public Swap swap(SwapOptions options, Path... jars) {
    long asked = System.nanoTime();
    Departure.Terms terms = Departure.Terms.of(settings, options);
    return withPlaces(
        terms,
        names(jars),
        (id, admission) ->
            publish(
                id, asked, terms, stager.stage(id, List.of(jars), admission), System.nanoTime()));
  }

  @Override
  public StagedSet stage(Path... jars) {
    return withPlaces(
        Departure.Terms.of(settings, SwapOptions.NONE),
        names(jars),
        (id, admission) ->
            new PendingSet(id, names(jars), stager.stage(id, List.of(jars), admission)));
  }

  /** What is done in turn, once there are places for the generations that it brings up. */
  private interface Placed<T> {
    T apply(long id, Consumer<SetPlan> admission);
  }

  /** Tries in turn; without places it waits for them outside the turn, and tries again. */
  private <T> T withPlaces(Departure.Terms terms, String what, Placed<T> work) {
    Places.Wish wish = new Places.Wish();
    long begun = System.nanoTime();
    try {
      while (true) {
        try {
          return inTurn(
              what,
              () -> wish.swap(ids::incrementAndGet),
              id -> work.apply(id, plan -> places.require(wish, plan)));
        } catch (Places.FullException full) {
          if (!places.await(wish, terms.deadline().minus(Retirer.since(begun)))) {
            throw refused(
                wish.swap(ids::incrementAndGet), places.refusal(wish, Retirer.since(begun)));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(
          wish.swap(ids::incrementAndGet),
          new Refusal.Failed(what, "interrupted while waiting for a generation to leave"));
    } finally {
      places.end(wish);
    }
  }

  @Override
  public Swap rollback(String plugin) {
    return inTurn(plugin, ids::incrementAndGet, id -> rollback(id, plugin));
  }

  @Override
  public Swap unload(String plugin) {
    return inTurn(plugin, ids::incrementAndGet, id -> unload(id, plugin));
  }

  @Override
  public List<Generation> decideDrain(String plugin, DeadlinePolicy policy) {
    if (ledger.all().stream().noneMatch(live -> live.generation().plugin().equals(plugin))) {
      throw refused(0, new Refusal.UnknownPlugin(plugin));
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
        departure::swap,
        id -> {
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
          departure::swap,
          id -> {
            if (!old.isDrained()) {
              departures.begin(reversal.reverse(departure, old.generation().plugin()));
            }
            return id;
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
  private <T> T inTurn(String what, LongSupplier number, LongFunction<T> work) {
    Thread asker = Thread.currentThread();
    if (turn.isHeldBy(asker) || foreign.isRunBy(asker)) {
      throw refused(
          0,
          new Refusal.Failed(what, "it was asked for by a listener or plugin of a swap under way"));
    }
    Optional<Refusal> none = turn.begin(what);
    if (none.isPresent()) {
      throw refused(0, none.get());
    }
    long id = number.getAsLong();
    try {
      return work.apply(id);
    } catch (Publisher.SentBackException e) {
      Departure.Terms terms = Departure.Terms.of(settings, SwapOptions.NONE);
      departures.begin(new Departure(id, e.leaving(), terms, Optional.empty(), Optional.empty()));
      throw refused(id, refusal(what, e.getCause()));
    } catch (Places.FullException e) {
      throw e; // not refused yet
    } catch (RuntimeException | Error e) {
      throw refused(id, refusal(what, e));
    } finally {
      turn.end();
    }
  }

  private Swap publish(
      long id, long begun, Departure.Terms terms, Stager.Ready ready, long staged) {
    List<Change> changes = ready.changes();
    if (changes.isEmpty()) {
      return unchanged(id, ready.plan(), Duration.ofNanos(staged - begun));
    }
    publisher.publish(id, changes, List.of());
    Departure.Undo undo = new Departure.Undo(changes, history.add(changes));
    Receipt receipt =
        new Receipt(
            id,
            Receipt.Outcome.SWAPPED,
            changes.stream().map(Change::told).toList(),
            Duration.ofNanos(staged - begun),
            Retirer.since(staged));
    return answered(receipt, leaving(changes), terms, Optional.of(undo));
  }

  private Swap rollback(long id, String plugin) {
    long begun = System.nanoTime();
    History.Past past = undoable(plugin);
    List<History.Part> back = new ArrayList<>();
    List<LiveGeneration> olds = new ArrayList<>();
    List<LiveGeneration> unwanted = new ArrayList<>(); // what was new with that swap
    for (History.Part part : past.parts()) {
      part.before().ifPresentOrElse(olds::add, () -> unwanted.add(part.after()));
      part.before().ifPresent(before -> back.add(part));
    }
    boolean stand = standby.filter(place -> place.tryTake(olds)).isPresent();
    Stager.Ready ready =
        stand
            ? stager.restart(id, back)
            : stager.stageJars(id, olds.stream().map(ledger::again).toList(), plan -> {});
    long staged = System.nanoTime();
    publisher.publish(id, ready.changes(), unwanted);
    history.undone(past, ready.changes());
    List<Receipt.Change> told = new ArrayList<>();
    List<LiveGeneration> leaving = leaving(ready.changes());
    ready.changes().forEach(change -> told.add(change.told()));
    for (LiveGeneration gone : unwanted) {
      told.add(gone(gone.generation()));
      leaving.add(0, gone);
    }
    Receipt receipt =
        new Receipt(
            id,
            Receipt.Outcome.ROLLED_BACK,
            told,
            Duration.ofNanos(staged - begun),
            Retirer.since(staged));
    return answered(receipt, leaving);
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

  /** What the changes replace, dependents first. */
  private static List<LiveGeneration> leaving(List<Change> changes) {
    List<LiveGeneration> leaving = new ArrayList<>();
    changes.forEach(change -> change.old().ifPresent(old -> leaving.add(0, old)));
    return leaving;
  }

  private Swap unchanged(long id, SetPlan plan, Duration took) {
    List<Receipt.Change> told = new ArrayList<>();
    for (SetPlan.Member member : plan.members()) {
      Optional<Generation> current = member.replaces().map(LiveGeneration::generation);
      told.add(
          new Receipt.Change(
              member.jar().plugin(), current, current, Optional.empty(), Optional.empty()));
      ledger.tell(at -> new SwapEvent.Unchanged(id, at, current.orElseThrow()));
    }
    return answered(
        new Receipt(id, Receipt.Outcome.UNCHANGED, told, took, Duration.ZERO), List.of());
  }

  private Swap unload(long id, String plugin) {
    long begun = System.nanoTime();
    LiveGeneration old =
        ledger
            .current(plugin)
            .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(plugin)));
    world.announceLeave(old);
    world.publish(List.of(old), List.of());
    old.close();
    Optional<Generation> from = Optional.of(old.generation());
    ledger.tell(at -> new SwapEvent.Published(id, at, plugin, from, Optional.empty()));
    return answered(
        new Receipt(
            id,
            Receipt.Outcome.UNLOADED,
            List.of(gone(old.generation())),
            Duration.ZERO,
            Retirer.since(begun)),
        List.of(old));
  }

  private static Receipt.Change gone(Generation generation) {
    return new Receipt.Change(
        generation.plugin(),
        Optional.of(generation),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Swap answered(Receipt receipt, List<LiveGeneration> leaving) {
    Departure.Terms terms = Departure.Terms.of(settings, SwapOptions.NONE);
    return answered(receipt, leaving, terms, Optional.empty());
  }

  private Swap answered(
      Receipt receipt,
      List<LiveGeneration> leaving,
      Departure.Terms terms,
      Optional<Departure.Undo> undo) {
    RunningSwap swap = new RunningSwap(receipt, leaving.size());
    departures.begin(new Departure(receipt.id(), leaving, terms, Optional.of(swap), undo));
    return swap;
  }

  private static Refusal refusal(String what, Throwable thrown) {
    return thrown instanceof SwapRefusedException refused
        ? refused.refusal()
        : new Refusal.Failed(what, Thrown.asText(thrown));
  }

  private SwapRefusedException refused(long id, Refusal refusal) {
    ledger.tell(at -> new SwapEvent.Refused(id, at, refusal));
    return new SwapRefusedException(refusal);
  }

  /** A staged set in the hands of whoever asked for it. */
  private final class PendingSet implements StagedSet {
    private final long id;
    private final String what;
    private final Stager.Ready ready;
    private final AtomicBoolean ended = new AtomicBoolean();

    PendingSet(long id, String what, Stager.Ready ready) {
      this.id = id;
      this.what = what;
      this.ready = ready;
    }

    @Override
    public Plan plan() {
      return ready.plan().told();
    }

    @Override
    public Swap publish() {
      return inTurn(what, () -> id, same -> publishOnce());
    }

    private Swap publishOnce() {
      if (!ended.compareAndSet(false, true)) {
        throw stale("it was published or discarded before");
      }
      if (stager.isStale(ready)) {
        stager.discard(id, ready.changes());
        throw stale("what it was planned against has changed meanwhile");
      }
      long begun = System.nanoTime();
      Departure.Terms terms = Departure.Terms.of(settings, SwapOptions.NONE);
      return SideBySideSwapper.this.publish(id, begun, terms, ready, begun);
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
      if (ended.compareAndSet(false, true) && !ready.changes().isEmpty()) {
        stager.discard(id, ready.changes());
      }
    }
  }
}
