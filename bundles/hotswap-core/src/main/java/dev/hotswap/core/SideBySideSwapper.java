package dev.hotswap.core;

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
    this.ledger = new Ledger(store, clock);
    this.retirer = new Retirer(settings.drainDeadline(), ledger);
    this.stager = new Stager(world, installer, foreign, settings.startLimit(), ledger, retirer);
    this.publisher = new Publisher(world, installer, stager, ledger);
    this.history = new History(store, settings.history());
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
  public Swap swap(Path... jars) {
    long asked = System.nanoTime();
    return inTurn(
        names(jars),
        ids::incrementAndGet,
        id -> publish(id, asked, stager.stage(id, List.of(jars)), System.nanoTime()));
  }

  @Override
  public StagedSet stage(Path... jars) {
    return inTurn(
        names(jars),
        ids::incrementAndGet,
        id -> new PendingSet(id, names(jars), stager.stage(id, List.of(jars))));
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
      turn.close(settings.startLimit().multipliedBy(3));
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
      seeOff(id, e.leaving(), Optional.empty());
      throw refused(id, refusal(what, e.getCause()));
    } catch (RuntimeException | Error e) {
      throw refused(id, refusal(what, e));
    } finally {
      turn.end();
    }
  }

  private Swap publish(long id, long begun, Stager.Ready ready, long staged) {
    List<Change> changes = ready.changes();
    if (changes.isEmpty()) {
      return unchanged(id, ready.plan(), Duration.ofNanos(staged - begun));
    }
    publisher.publish(id, changes, List.of());
    history.add(changes);
    return answered(
        id, Receipt.Outcome.SWAPPED, changes, List.of(), Duration.ofNanos(staged - begun), staged);
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
    boolean stand =
        stager.isEnough(olds, unwanted) && standby.filter(place -> place.tryTake(olds)).isPresent();
    Stager.Ready ready =
        stand
            ? stager.restart(id, back)
            : stager.stageJars(id, olds.stream().map(ledger::again).toList(), unwanted);
    long staged = System.nanoTime();
    publisher.publish(id, ready.changes(), unwanted);
    history.undone(past, ready.changes());
    return answered(
        id,
        Receipt.Outcome.ROLLED_BACK,
        ready.changes(),
        unwanted,
        Duration.ofNanos(staged - begun),
        staged);
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

  private Swap answered(
      long id,
      Receipt.Outcome outcome,
      List<Change> changes,
      List<LiveGeneration> unwanted,
      Duration stage,
      long staged) {
    List<Receipt.Change> told = new ArrayList<>();
    List<LiveGeneration> leaving = new ArrayList<>();
    for (Change change : changes) {
      told.add(change.told());
      change.old().ifPresent(old -> leaving.add(0, old)); // dependents first
    }
    for (LiveGeneration gone : unwanted) {
      told.add(gone(gone.generation()));
      leaving.add(0, gone);
    }
    return answered(new Receipt(id, outcome, told, stage, Retirer.since(staged)), leaving);
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
    RunningSwap swap = new RunningSwap(receipt, leaving.size());
    seeOff(receipt.id(), leaving, Optional.of(swap));
    return swap;
  }

  /** In the background: each as soon as it has drained and those before it are gone. */
  private void seeOff(long id, List<LiveGeneration> leaving, Optional<RunningSwap> swap) {
    boolean begun =
        leaving.isEmpty()
            || threads.tryRun("hotswap-retire-" + id, () -> retireAll(id, leaving, swap));
    if (!begun) {
      notReclaimed(leaving, "the system gives no thread for it");
    }
  }

  private void retireAll(long id, List<LiveGeneration> leaving, Optional<RunningSwap> swap) {
    for (LiveGeneration old : leaving) {
      try {
        boolean replaced = ledger.current(old.generation().plugin()).isPresent();
        var retirement = retirer.retire(id, old, replaced);
        swap.ifPresent(running -> running.retired(retirement));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the host closes, and takes the framework down with it
        return;
      } catch (RuntimeException | Error e) {
        notReclaimed(List.of(old), Thrown.asText(e));
      }
    }
  }

  private static void notReclaimed(List<LiveGeneration> generations, String reason) {
    System.getLogger(SideBySideSwapper.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "event=not-reclaimed generations=\"" + generations + "\" reason=" + reason);
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
      return SideBySideSwapper.this.publish(id, begun, ready, begun);
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
        stager.discard(id, ready.changes());
      }
    }
  }
}
