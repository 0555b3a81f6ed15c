package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.CallTimes;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Step;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Swaps plugins: the new generations are brought up beside the old ones, or after them where two
 * cannot run at a time, take over in one write, and the old ones leave when their last calls have
 * ended. It hands each request to who carries it out, in turn.
 *
 * <p>Swaps take turns, in the order of asking. A turn lasts until the new generations have
 * answered; it never waits for a drain, which is why a swap may be asked for from inside a call. A
 * swap runs on its asker's thread, but for the code of plugins, which runs on {@linkplain
 * FreshThreads fresh threads}, as does the seeing off of old generations.
 *
 * <p>Thread-safe.
 */
public final class PluginSwapper implements Swapper, AutoCloseable {
  private final World world;
  private final Installer installer;
  private final SwapSettings settings;
  private final Journal journal;
  private final Ledger ledger;
  private final Retirer retirer;
  private final Stager stager;
  private final FreshThreads threads = new FreshThreads();
  private final Verdicts verdicts;
  private final Optional<Standby> standby;
  private final Departures departures;
  private final Turns turns;
  private final Takeover takeover;
  private final Rollback rollback;
  private final Restart restart;
  private final DrainDecisions decisions;
  private final Set<SeenCallTimes> watching = ConcurrentHashMap.newKeySet();

  /** One that only watches what has left. */
  public PluginSwapper(
      World world,
      Installer installer,
      ContentStore store,
      SwapSettings settings,
      InstantSource clock) {
    this(world, installer, store, settings, clock, Aftercare.NONE);
  }

  /**
   * @param world where it publishes
   * @param installer the framework's side
   * @param store where the bytes go, and the journal
   * @param settings its times
   * @param clock for the times in events
   * @param aftercare what is done for generations that have left
   */
  public PluginSwapper(
      World world,
      Installer installer,
      ContentStore store,
      SwapSettings settings,
      InstantSource clock,
      Aftercare aftercare) {
    this.world = world;
    this.installer = installer;
    this.settings = settings;
    store.journal().keep(settings.history());
    this.journal = store.journal();
    this.ledger = new Ledger(store, clock, settings.liveGenerations());
    this.retirer = new Retirer(world, settings.drainDeadline(), ledger);
    this.verdicts = new Verdicts(ledger, settings.verdicts(), aftercare, new RunningJvm(threads));
    retirer.judgedBy(verdicts);
    this.standby =
        settings.standby().isZero()
            ? Optional.empty()
            : Optional.of(new Standby(settings.standby(), retirer, threads, ledger::isWayBack));
    standby.ifPresent(retirer::standby);
    ForeignCode foreign = new ForeignCode(threads);
    this.stager = new Stager(world, installer, foreign, settings.startLimit(), ledger, retirer);
    this.departures =
        new Departures(threads, world, ledger, retirer, usualTerms(), this::reverseOverdue);
    StateTransfer states = new StateTransfer(installer, foreign, retirer);
    Handover handover =
        new Handover(
            world,
            stager,
            foreign,
            settings,
            ledger,
            retirer,
            departures,
            states,
            new Insiders(installer::definedBy));
    Publisher publisher = new Publisher(world, installer, stager, handover, ledger);
    this.turns = new Turns(foreign, ledger, departures);
    this.takeover = new Takeover(stager, publisher, ledger, departures);
    this.rollback = new Rollback(stager, publisher, ledger, departures, standby);
    this.restart =
        new Restart(installer, new BringUp(stager, publisher, ledger, departures), ledger);
    this.decisions =
        new DrainDecisions(turns, ledger, departures, new Reversal(world, ledger), rollback);
  }

  private Departure.Terms usualTerms() {
    return Departure.Terms.of(settings, SwapOptions.NONE);
  }

  private void reverseOverdue(Departure departure, List<LiveGeneration> stuck) {
    decisions.reverseOverdue(departure, stuck);
  }

  @Override
  public Plan plan(SwapOptions options, Path... jars) {
    Draft draft = ledger.receipts().plan(jars);
    return turns.take(
        names(jars), draft, () -> draft.told(stager.plan(draft, List.of(jars), options.inPlace())));
  }

  @Override
  public Swap swap(SwapOptions options, Path... jars) {
    if (!options.startNoted()) {
      return swapNow(options, jars);
    }
    List<Jar> read = Stream.of(jars).map(restart::read).flatMap(Optional::stream).toList();
    Optional<Jar> deadly = read.stream().filter(restart::isDeadly).findFirst();
    if (deadly.isPresent()) {
      throw turns.refused(
          ledger.receipts().swap(options.asked().orElseGet(Asked::here), jars),
          restart.died(deadly.get()));
    }
    return restart.noted(read, () -> swapNow(options, jars));
  }

  private Swap swapNow(SwapOptions options, Path... jars) {
    Draft draft = ledger.receipts().swap(options.asked().orElseGet(Asked::here), jars);
    Departure.Terms terms = Departure.Terms.of(settings, options);
    return turns.takeWithPlaces(
        terms.deadline(),
        names(jars),
        draft,
        admission ->
            takeover.run(
                draft, terms, takeover.stage(draft, List.of(jars), options.inPlace(), admission)));
  }

  @Override
  public StagedSet stage(SwapOptions options, Path... jars) {
    String what = names(jars);
    Draft draft = ledger.receipts().swap(options.asked().orElseGet(Asked::here), jars);
    Departure.Terms terms = Departure.Terms.of(settings, options);
    return turns.takeWithPlaces(
        terms.deadline(),
        what,
        draft,
        admission -> {
          Takeover.Publishable made =
              takeover.stage(draft, List.of(jars), options.inPlace(), admission);
          draft.pause();
          return new PendingSet(draft, what, made, terms, turns, takeover);
        });
  }

  private static String names(Path... jars) {
    if (jars.length == 0) {
      throw new IllegalArgumentException("no file to swap was named");
    }
    return Arrays.stream(jars).map(Path::toString).collect(Collectors.joining(", "));
  }

  @Override
  public Swap rollback(SwapOptions options, String plugin) {
    Draft draft = draft(Receipt.Verb.ROLLBACK, options);
    return turns.take(plugin, draft, () -> rollback.run(draft, manner(options), plugin));
  }

  @Override
  public Swap rollback(SwapOptions options, String plugin, long generation) {
    Draft draft = draft(Receipt.Verb.ROLLBACK, options);
    return turns.take(
        plugin, draft, () -> rollback.run(draft, manner(options), plugin, generation));
  }

  private Draft draft(Receipt.Verb verb, SwapOptions options) {
    return ledger.receipts().draft(verb, options.asked().orElseGet(Asked::here));
  }

  private Rollback.Manner manner(SwapOptions options) {
    return new Rollback.Manner(Departure.Terms.of(settings, options), options.inPlace());
  }

  @Override
  public List<Generation> wayBack(String plugin) {
    return rollback.wayBack(plugin);
  }

  @Override
  public Swap unload(SwapOptions options, String plugin) {
    Draft draft = draft(Receipt.Verb.UNLOAD, options);
    Departure.Terms terms = Departure.Terms.of(settings, options);
    return turns.take(plugin, draft, () -> unload(draft, terms, plugin));
  }

  private Swap unload(Draft draft, Departure.Terms terms, String plugin) {
    draft.step(Step.PUBLISH);
    Optional<LiveGeneration> live = ledger.current(plugin);
    Generation old =
        live.map(LiveGeneration::generation)
            .or(() -> ledger.recorded(plugin)) // left out at the restart
            .orElseThrow(() -> new SwapRefusedException(new Refusal.UnknownPlugin(plugin)));
    ledger.commit(new Entry.Gone(old), new Subject(plugin, Optional.of(old)), List.of());
    live.ifPresent(this::takeAway);
    Optional<Generation> from = Optional.of(old);
    ledger.tell(at -> new SwapEvent.Published(draft.id(), at, plugin, from, Optional.empty()));
    List<LiveGeneration> gone = live.stream().toList();
    Receipt receipt =
        gone.isEmpty()
            ? draft.forgotten(old)
            : draft.done(Receipt.Outcome.UNLOADED, List.of(), gone);
    return departures.begin(receipt, gone, terms, Optional.empty());
  }

  private void takeAway(LiveGeneration old) {
    world.announceLeave(old);
    world.publish(List.of(old), List.of());
    old.close();
  }

  /**
   * Brings up what was current when the host before this one ended, however that was. Whatever does
   * not come up falls back to what was before it, or is left out: then a refusal and an event say
   * so, and the rest comes up.
   *
   * @param attempts after how many starts in a row that did not come to an end, because the process
   *     died, a generation is not started any more; from now on
   */
  public void restore(int attempts) {
    restart.attempts(attempts);
    if (restart.isNeeded()) {
      turns.take(
          "what was current",
          ledger.receipts().plan(),
          () -> {
            restart.run();
            return true;
          });
    }
  }

  /**
   * Swaps in a file that the host is opened with, unless the host before this one had its bytes:
   * then what it made of them goes. One that has killed the process again and again is refused, by
   * an event and a receipt, and what is current stays. After {@link #restore}.
   *
   * @throws SwapRefusedException as {@link #swap(SwapOptions, Path...)}
   */
  public void deploy(Asked asked, Path file) {
    Optional<Jar> read = restart.read(file);
    if (read.isEmpty()) {
      swap(asked, file); // which says why
    } else if (restart.isDeadly(read.get()) && !restart.wasCurrent(read.get())) {
      turns.refused(ledger.receipts().swap(asked, file), restart.died(read.get()));
    } else if (!restart.isKnown(read.get())) {
      restart.noted(List.of(read.get()), () -> swap(asked, file));
    }
    read.ifPresent(restart::offered);
  }

  @Override
  public boolean wasUnloaded(String plugin, String sha256) {
    return ledger.deployment().wasUnloaded(plugin, sha256);
  }

  @Override
  public List<Receipt> receipts() {
    return ledger.receipts().last();
  }

  @Override
  public Optional<Receipt> receipt(long id) {
    return ledger.receipts().of(id);
  }

  @Override
  public List<Generation> decideDrain(String plugin, DeadlinePolicy policy) {
    return decisions.decide(plugin, policy);
  }

  @Override
  public Snapshot snapshot() {
    return ledger.snapshot().with(verdicts.snapshot());
  }

  /** What has become of the classes of generations that have left. */
  public Leaks leaks() {
    return verdicts;
  }

  @Override
  public List<Generation> dependents(String plugin) {
    return ledger.current(plugin).map(installer::dependents).orElse(List.of()).stream()
        .map(LiveGeneration::generation)
        .filter(this::isCurrent)
        .sorted(Comparator.comparing(Generation::plugin))
        .toList();
  }

  private boolean isCurrent(Generation generation) {
    return ledger
        .current(generation.plugin())
        .map(LiveGeneration::generation)
        .filter(generation::equals)
        .isPresent();
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
   * @param cause what happened, for the event
   * @param drained whether nobody is inside any more
   */
  public void withdrawn(LiveGeneration generation, String cause, boolean drained) {
    Generation whose = generation.generation();
    List<Holder> holders = drained ? List.of() : generation.holders();
    ledger.tell(at -> new SwapEvent.Withdrawn(0, at, whose, cause, generation.calls(), holders));
  }

  /** Forgets a generation whose bundle somebody other than a swap has uninstalled. */
  public void uninstalled(LiveGeneration generation) {
    world.publish(List.of(generation), List.of());
    ledger.note(new Entry.Gone(generation.generation())); // before its bytes are dropped
    standby.ifPresent(place -> place.forget(generation));
    retirer.forget(generation);
  }

  /**
   * Ends all swapping: waits for the turn, takes every plugin out of the world, gives calls in
   * flight until the drain deadline to end, and then ends the threads that are still seeing
   * generations off. The framework is stopped by the caller, afterwards. An interrupt does not
   * shorten it, and is kept. Idempotent.
   */
  @Override
  public void close() {
    // a turn ends within the start limit; one that is held by our own caller never would
    long end = System.nanoTime() + settings.startLimit().multipliedBy(3).toNanos();
    Uninterrupted.run(() -> turns.close(Duration.ofNanos(end - System.nanoTime())));
    world.close();
    drainAll();
    standby.ifPresent(Standby::close);
    departures.close();
    verdicts.close();
    watching.forEach(SeenCallTimes::close);
    threads.end();
    journal.close();
  }

  @Override
  public CallTimes callTimes() {
    SeenCallTimes times = new SeenCallTimes(ledger::all, System::nanoTime, watching::remove);
    watching.add(times);
    times.begin();
    return times;
  }

  private void drainAll() {
    long end = System.nanoTime() + settings.drainDeadline().toNanos();
    ledger.all().forEach(LiveGeneration::close);
    for (LiveGeneration generation : ledger.all()) {
      Uninterrupted.run(
          () -> Retirer.awaitDrained(generation, Duration.ofNanos(end - System.nanoTime())));
    }
  }
}
