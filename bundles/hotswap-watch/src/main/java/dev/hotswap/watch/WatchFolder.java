package dev.hotswap.watch;

import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Swapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A folder whose files are wishes: a bundle that is dropped is swapped in, one that is overwritten
 * too, one that is deleted is unloaded. Bundles of one drop that depend on each other are one set.
 * Files of settings ({@code PID.cfg}, {@code PID.json}, {@code FACTORY~NAME.cfg}) are configured.
 *
 * <p>It guarantees that only whole files are acted on, each once, and that what cannot be used goes
 * to {@code .refused} with the reason. What somebody wishes otherwise meanwhile stands: after a
 * rollback the file that brought what was rolled back is left alone.
 *
 * <p>Its owner closes it before the swapper. One folder is for one host. Thread-safe.
 */
public final class WatchFolder implements Quarantine, AutoCloseable {
  /** What a jar may unpack to, in bytes. */
  private static final long LARGEST = 1L << 30;

  private final Path folder;
  private final WatchOptions options;
  private final Rounds rounds;
  private final Optional<WatchService> events;
  private final Touched touched = new Touched();
  private final Subscription subscription;
  private final Thread acting;
  private final Optional<Thread> watching;
  private boolean polls; // the watching thread's
  private String failure = ""; // of the last round; the acting thread's, once that is started

  private WatchFolder(
      Path folder,
      Swapper swapper,
      WatchOptions options,
      Configurations configurations,
      Optional<WatchService> events) {
    this.folder = folder;
    this.options = options;
    this.events = events;
    this.rounds =
        new Rounds(
            folder, swapper, configurations, options, WatchClock.SYSTEM, new Reading(LARGEST));
    this.subscription = swapper.subscribe(this::on);
    this.acting = thread("hotswap-watch", this::act);
    this.watching = events.map(service -> thread("hotswap-watch-events", () -> watch(service)));
  }

  /** As {@link #open(Path, Swapper, WatchOptions, Configurations)}, without configurations. */
  public static WatchFolder open(Path folder, Swapper swapper) {
    return open(folder, swapper, WatchOptions.DEFAULT, Configurations.NONE);
  }

  /**
   * Watches a folder, which is made where it is not there. What is in it has been acted on when
   * this returns: bytes that are current already are left alone.
   *
   * @param folder on any file system; where that gives no events, the folder is looked at at
   *     intervals
   * @param swapper who swaps; told that {@code watch} asks
   * @param options how patient it is
   * @param configurations where files of settings go
   * @throws UncheckedIOException when the folder cannot be made or listed
   */
  public static WatchFolder open(
      Path folder, Swapper swapper, WatchOptions options, Configurations configurations) {
    try {
      Path made = Files.createDirectories(folder.toAbsolutePath());
      Files.newDirectoryStream(made).close(); // whether it can be listed is known now
      Optional<WatchService> events = options.events() ? events(made) : Optional.empty();
      WatchFolder watch = new WatchFolder(made, swapper, options, configurations, events);
      watch.start();
      return watch;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the folder " + folder + " cannot be watched; name one that this user may write", e);
    }
  }

  /** None where the file system has none to give; then the folder is looked at at intervals. */
  static Optional<WatchService> events(Path folder) {
    try {
      WatchService service = folder.getFileSystem().newWatchService();
      try {
        register(folder, service);
        return Optional.of(service);
      } catch (IOException | RuntimeException e) {
        service.close();
        throw e;
      }
    } catch (IOException | UnsupportedOperationException e) { // as many watches as there may be
      polls(folder, e);
      return Optional.empty();
    }
  }

  private static void polls(Path folder, Exception reason) {
    Log.warn("event=watch-polls folder=" + folder + " reason=" + reason);
  }

  private static void register(Path folder, WatchService service) throws IOException {
    folder.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  /** Once more: the folder may be another one by now, under the same name. */
  private void registerAgain(WatchService service) {
    try {
      register(folder, service);
      polls = false;
    } catch (NoSuchFileException e) {
      return; // the rounds say so
    } catch (IOException e) {
      if (!polls) { // what stays so is said once
        polls(folder, e);
      }
      polls = true;
    }
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void start() {
    Log.info("event=watching folder=" + folder + " events=" + events.isPresent());
    round(Touched.Round.NOTHING);
    acting.start();
    watching.ifPresent(Thread::start);
  }

  /**
   * Puts settings back where bundles go back, and else only enqueues: it runs inside a swap, or
   * inside whatever else has happened.
   */
  private void on(SwapEvent event) {
    rounds.on(event);
    if (event instanceof SwapEvent.Published || event instanceof SwapEvent.Reversed) {
      touched.tell();
    }
  }

  /** Only enqueues. */
  private void watch(WatchService service) {
    try {
      while (!touched.isEnded()) {
        WatchKey key = service.poll(options.rescan().toNanos(), TimeUnit.NANOSECONDS);
        if (key == null) {
          registerAgain(service);
        } else {
          tell(key.pollEvents());
          key.reset();
        }
      }
    } catch (ClosedWatchServiceException e) {
      return; // the watch is closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // by somebody else: looking at intervals goes on
    }
  }

  private void tell(List<WatchEvent<?>> all) {
    for (WatchEvent<?> event : all) {
      if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
        touched.addAll();
      } else if (!event.context().toString().startsWith(".")) { // those are ours, or temporary
        touched.add(event.context().toString());
      }
    }
  }

  private void act() {
    Duration due = Duration.ofNanos(1);
    try {
      while (!touched.isEnded()) {
        Touched.Round round = touched.await(due);
        if (!touched.isEnded()) {
          due = round(round);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Log.warn("event=watch-failed folder=" + folder + " reason=" + e);
    }
  }

  private Duration round(Touched.Round touched) {
    try {
      Duration due = rounds.round(touched);
      failure = "";
      return due;
    } catch (RuntimeException | Error e) { // the next round may find what this one did not
      if (!failure.equals(e.toString())) { // what stays so is said once, and not at each round
        Log.warn("event=watch-failed folder=" + folder + " reason=" + e);
      }
      failure = e.toString();
      return options.rescan();
    }
  }

  /** What is in {@code .refused}, with the reasons; also after the close. */
  @Override
  public List<Case> cases() {
    return rounds.quarantine().cases();
  }

  /**
   * Acts on nothing any more. What it is doing is waited for, unless that is what closes it; ends
   * both threads. Idempotent.
   */
  @Override
  public void close() {
    touched.end();
    subscription.close();
    events.ifPresent(WatchFolder::close);
    join(acting);
    watching.ifPresent(WatchFolder::join);
  }

  private static void close(WatchService service) {
    try {
      service.close();
    } catch (IOException e) {
      Log.warn("event=watch-failed reason=" + e);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // a swap ends by itself; the flag is kept
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
