package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is deployed, the bytes of it, the receipts of how it came, and the telling of what becomes
 * of it. Thread-safe.
 */
final class Ledger {
  private final ContentStore store;
  private final InstantSource clock;
  private final Roster roster = new Roster();
  private final Events events = new Events();
  private final Receipts receipts;
  private final Places places;
  private final Journal journal;
  private final Map<String, Generation> recalled = new ConcurrentHashMap<>();
  private final Queue<Journal.Commit> untidied = new ConcurrentLinkedQueue<>();

  /**
   * @param liveGenerations how many a plugin may have
   */
  Ledger(ContentStore store, InstantSource clock, int liveGenerations) {
    this.store = store;
    this.clock = clock;
    this.journal = store.journal();
    this.receipts = new Receipts(clock, events::entered);
    this.places = new Places(liveGenerations, roster);
  }

  /** Where swaps wait that would make one generation too many. */
  Places places() {
    return places;
  }

  Events events() {
    return events;
  }

  Receipts receipts() {
    return receipts;
  }

  Instant now() {
    return clock.instant();
  }

  /** Tells an event that happens now. */
  void tell(Function<Instant, SwapEvent> event) {
    events.tell(event.apply(clock.instant()));
  }

  /** The verified bytes of a file; {@link #begin} or {@link #drop} takes them over. */
  Jar take(Path file) {
    return store.take(file);
  }

  /**
   * The bytes of a generation once more; taken over or dropped as those of a file. Answers false
   * where they are gone: somebody has uninstalled it.
   */
  boolean tryAgain(Jar jar) {
    return store.tryRetain(jar);
  }

  /** The bytes of a generation that the journal names; empty where they are gone. */
  Optional<Jar> bytes(Generation generation) {
    return store.find(generation.sha256());
  }

  /** Deletes what the journal names no more: that takes time that a swap need not. */
  void dropUnwanted() {
    for (Journal.Commit done = untidied.poll(); done != null; done = untidied.poll()) {
      Set<String> forgotten = done.before().named();
      forgotten.removeAll(done.after().named());
      forgotten.forEach(store::sweep);
    }
    journal.tidy();
  }

  /** What should run. */
  Deployment deployment() {
    return journal.state();
  }

  /** What should be current of the plugin. */
  Optional<Generation> recorded(String plugin) {
    return Optional.ofNullable(deployment().current().get(plugin));
  }

  /** The last swap of the plugin that can be undone. */
  Optional<Pasts.Past> last(String plugin) {
    return deployment().pasts().last(plugin);
  }

  /** Whether it is what the next rollback of its plugin would go back to. */
  boolean isWayBack(LiveGeneration old) {
    Generation generation = old.generation();
    Optional<Generation> current = current(generation.plugin()).map(LiveGeneration::generation);
    return last(generation.plugin())
        .flatMap(past -> past.part(generation.plugin()))
        .filter(part -> part.before().filter(generation::equals).isPresent())
        .filter(part -> current.filter(part.after()::equals).isPresent())
        .isPresent();
  }

  /** Works out what an entry leads to, before anybody waits for it. */
  Journal.Prepared prepare(Entry entry) {
    return journal.prepare(entry);
  }

  /**
   * Returns when the bytes of generations are there after a crash.
   *
   * @param what it is about, for a refusal
   * @throws SwapRefusedException when that is not certain, and so they must not be published
   */
  void force(Subject what, List<Generation> generations) {
    try {
      store.force(generations.stream().map(Generation::sha256).toList());
    } catch (IOException e) {
      throw notRecorded(what, e);
    }
  }

  /** As {@link #commit(Journal.Prepared, Subject, List)}, of what was not prepared. */
  Journal.Commit commit(Entry entry, Subject what, List<Generation> published) {
    return commit(prepare(entry), what, published);
  }

  /**
   * Records what is about to be published; from here on a host that opens after a crash brings that
   * up.
   *
   * @param what it is about, for a refusal
   * @param published the generations that are to be current
   * @return for {@link #takeBack}
   * @throws SwapRefusedException when it cannot be recorded, and so must not be published
   */
  Journal.Commit commit(Journal.Prepared entry, Subject what, List<Generation> published) {
    force(what, published);
    try {
      Journal.Commit commit = journal.commit(entry);
      untidied.add(commit);
      return commit;
    } catch (IOException e) {
      throw notRecorded(what, e);
    }
  }

  private static SwapRefusedException notRecorded(Subject what, IOException e) {
    String reason = "the journal cannot be written (" + e + ")";
    return new SwapRefusedException(new Refusal.NotRecorded(what.what(), reason, what.stands()));
  }

  /** Records what has happened already. */
  void note(Entry entry) {
    journal.note(entry);
  }

  /** What was committed has not come about. */
  void takeBack(Journal.Commit commit) {
    journal.takeBack(commit);
  }

  /** The next generation of these bytes is that one again, under its number. */
  void recall(Generation generation) {
    recalled.put(generation.plugin(), generation);
  }

  /** From now on every generation is a new one. */
  void recallNoMore() {
    recalled.clear();
  }

  void drop(Jar jar) {
    store.release(jar.sha256());
  }

  /**
   * Has the bytes of what is replaced outlive the work: the way back from a handover needs them.
   */
  <T> T keepingBytes(List<Change> changes, Supplier<T> work) {
    List<Jar> bytes = new ArrayList<>();
    changes.forEach(change -> change.old().map(LiveGeneration::jar).ifPresent(bytes::add));
    bytes.removeIf(jar -> !tryAgain(jar));
    try {
      return work.get();
    } finally {
      bytes.forEach(this::drop);
    }
  }

  /** A new generation of the jar's plugin, which {@link #end} ends. */
  LiveGeneration begin(Jar jar, boolean library) {
    LiveGeneration generation = roster.begin(jar, library, number(jar));
    generation.asked(deployment().asked(generation.generation()));
    try {
      generation.file(store.link(jar, generation.generation()));
      return generation;
    } catch (RuntimeException | Error e) {
      end(generation, Stage.DISCARDED);
      throw e;
    }
  }

  /**
   * A new generation of what stands by, with its bundle: the old number is never used again. Empty
   * where that has ended meanwhile: somebody has uninstalled it.
   */
  Optional<LiveGeneration> tryRenumber(LiveGeneration standby) {
    if (!roster.end(standby)) {
      return Optional.empty();
    }
    standby.stage(Stage.RECLAIMED);
    LiveGeneration generation =
        roster.begin(standby.jar(), standby.isLibrary(), number(standby.jar()));
    generation.file(standby.file());
    return Optional.of(generation);
  }

  private long number(Jar jar) {
    Generation again = recalled.remove(jar.plugin());
    if (again != null && again.sha256().equals(jar.sha256())) {
      return again.number();
    }
    try {
      return journal.number(jar.plugin());
    } catch (IOException e) {
      throw notRecorded(subject(jar), e);
    }
  }

  /** A generation is gone, with its bytes; answers whether it was still known. */
  boolean end(LiveGeneration generation, Stage last) {
    generation.stage(last);
    boolean known = roster.end(generation);
    if (known) {
      store.unlink(generation.file());
      store.release(generation.generation().sha256());
    }
    places.freed();
    return known;
  }

  /** A generation drains no more. */
  void left(LiveGeneration generation, Stage next) {
    generation.stage(next);
    places.freed();
  }

  /** A generation is taken away from under its calls. */
  void taint(LiveGeneration generation, Calls calls) {
    roster.taint(new Snapshot.Tainted(generation.generation(), clock.instant(), calls));
  }

  Optional<LiveGeneration> current(String plugin) {
    return roster.current(plugin);
  }

  /** How many plugins have a current generation, but for those of these names. */
  int countCurrent(Set<String> but) {
    return roster.countCurrent(but);
  }

  /** What a refusal of this jar would say stays current. */
  Subject subject(Jar jar) {
    Optional<Generation> stands = current(jar.plugin()).map(LiveGeneration::generation);
    return new Subject(jar.label(), stands);
  }

  List<LiveGeneration> all() {
    return roster.all();
  }

  Snapshot snapshot() {
    return roster.snapshot(clock.instant());
  }
}
