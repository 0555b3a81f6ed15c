package dev.hotswap.core;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
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
  private final Queue<Jar> unwanted = new ConcurrentLinkedQueue<>();

  /**
   * @param liveGenerations how many a plugin may have
   */
  Ledger(ContentStore store, InstantSource clock, int liveGenerations) {
    this.store = store;
    this.clock = clock;
    this.receipts = new Receipts(clock);
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

  /**
   * As {@link #drop}, with the next departure: to delete a file takes time that a swap need not.
   */
  void dropLater(Jar jar) {
    unwanted.add(jar);
  }

  /** Drops what was to be dropped later. */
  void dropUnwanted() {
    for (Jar jar = unwanted.poll(); jar != null; jar = unwanted.poll()) {
      drop(jar);
    }
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
    LiveGeneration generation = roster.begin(jar, library);
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
    LiveGeneration generation = roster.begin(standby.jar(), standby.isLibrary());
    generation.file(standby.file());
    return Optional.of(generation);
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
