package dev.hotswap.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was last seen of each file of the folder, and what of it is settled: not before a file has
 * been finished by whoever writes it, or has stood still, and is whole. Used by one thread.
 */
final class Sights {
  private static final List<String> ENDINGS = List.of(".jar", ".cfg", ".json");

  private final Path folder;
  private final WatchOptions options;
  private final WatchClock clock;
  private final Reading reading;
  private final Map<String, Sight> sights = new TreeMap<>();
  private final Set<String> ignored = new HashSet<>();

  Sights(Path folder, WatchOptions options, WatchClock clock, Reading reading) {
    this.folder = folder;
    this.options = options;
    this.clock = clock;
    this.reading = reading;
  }

  /** One file. It is looked at anew where its stamp has changed. */
  private static final class Sight {
    final Stamp stamp;
    final long since;
    final long first;
    Optional<Content> content = Optional.empty();
    Optional<Fault> fault = Optional.empty();
    Optional<String> notWhole = Optional.empty();
    boolean isRead;
    Instant readAt = Instant.MIN;
    long readNanos;
    boolean isDone;

    /**
     * @param since when this stamp was first seen
     * @param first when the file was, in whatever state
     */
    Sight(Stamp stamp, long since, long first) {
      this.stamp = stamp;
      this.since = since;
      this.first = first;
    }
  }

  /**
   * What one look has found.
   *
   * @param there the names of all files that are for us, whatever their state
   * @param settled those whose content is known
   * @param faults those that are no use, by name
   * @param arriving when those were first seen that may still be being written, in nanoseconds
   * @param due after how long there is something to look at again, in nanoseconds
   */
  record Look(
      Set<String> there,
      List<Drop> settled,
      Map<String, Fault> faults,
      List<Long> arriving,
      long due) {}

  /**
   * Looks at the folder.
   *
   * @param touched what events have told of: that is read again, whatever its stamp
   * @param atStart what has stood still since long before counts as settled
   * @throws IOException when the folder cannot be listed
   */
  Look look(Touched.Round touched, boolean atStart) throws IOException {
    Map<String, Stamp> stamps = stamps();
    sights.keySet().retainAll(stamps.keySet());
    long due = options.rescan().toNanos();
    List<Long> arriving = new ArrayList<>();
    List<Drop> settled = new ArrayList<>();
    Map<String, Fault> faults = new TreeMap<>();
    for (String name : stamps.keySet()) {
      Sight sight = seen(name, stamps.get(name), touched);
      long left = sight.isDone ? 0 : settle(name, sight, atStart);
      if (left > 0) {
        due = Math.min(due, left);
        arriving.add(sight.first);
      }
      sight.fault.ifPresent(fault -> faults.put(name, fault));
      sight.content.ifPresent(
          content ->
              settled.add(new Drop(name, folder.resolve(name), sight.stamp, sight.since, content)));
    }
    return new Look(stamps.keySet(), settled, faults, arriving, due);
  }

  private Map<String, Stamp> stamps() throws IOException {
    Map<String, Stamp> stamps = new TreeMap<>();
    Set<String> others = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (ENDINGS.stream().noneMatch(name::endsWith)) {
          others.add(name);
        } else if (!name.startsWith(".")) { // else it is ours, or somebody's before a rename
          stamp(file).ifPresent(stamp -> stamps.put(name, stamp));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    ignore(others);
    return stamps;
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      return Optional.of(Stamp.of(file));
    } catch (IOException e) {
      return Optional.empty(); // it has gone
    }
  }

  private void ignore(Set<String> others) {
    ignored.retainAll(others);
    for (String name : others) {
      if (!name.startsWith(".") && ignored.add(name)) {
        Log.info(
            "event=drop-ignored file=" + name + " reason=\"it ends in none of " + ENDINGS + '"');
      }
    }
  }

  private Sight seen(String name, Stamp stamp, Touched.Round touched) {
    Sight sight = sights.get(name);
    if (sight == null || !sight.stamp.equals(stamp)) {
      long first = sight == null ? clock.nanos() : sight.first;
      sight = new Sight(stamp, clock.nanos(), first);
      sights.put(name, sight);
    } else if (sight.isRead && (touched.contains(name) || isDoubtful(sight))) {
      sight.isRead = false;
    }
    return sight;
  }

  private boolean isDoubtful(Sight sight) {
    return !sight.stamp.vouches(sight.readAt)
        && clock.nanos() - sight.readNanos >= options.rescan().toNanos();
  }

  /** Answers after how many nanoseconds to look again; 0 where all is known. */
  private long settle(String name, Sight sight, boolean atStart) {
    if (sight.stamp.what() != Stamp.Kind.FILE) {
      sight.fault = Optional.of(noFile(name, sight.stamp.what()));
      return 0;
    }
    long stood = clock.nanos() - sight.since;
    boolean longAgo = atStart && sight.stamp.latest().plus(options.quiet()).isBefore(clock.now());
    if (!sight.stamp.isFinished() && !longAgo && stood < options.quiet().toNanos()) {
      return options.quiet().toNanos() - stood;
    }
    if (!sight.isRead) {
      read(name, sight);
    }
    if (sight.notWhole.isEmpty()) {
      return sight.isRead ? 0 : 1;
    }
    long left = options.patience().toNanos() - stood;
    if (left <= 0) {
      sight.fault = Optional.of(notWhole(name, sight.notWhole.get(), options.patience()));
    }
    return Math.max(0, left);
  }

  private void read(String name, Sight sight) {
    Path file = folder.resolve(name);
    sight.content = Optional.empty();
    sight.notWhole = Optional.empty();
    sight.fault = Optional.empty();
    sight.readAt = clock.now();
    sight.readNanos = clock.nanos();
    sight.isRead = true;
    try {
      Content content = reading.read(file);
      if (Stamp.of(file).equals(sight.stamp)) {
        sight.content = Optional.of(content);
      } else {
        sights.put(
            name,
            new Sight(Stamp.of(file), clock.nanos(), sight.first)); // written while it was read
        sight.isRead = false;
      }
    } catch (NoSuchFileException e) {
      sight.isRead = false; // deleted while it was read: the next look finds it gone
    } catch (NotWholeException e) {
      sight.notWhole = Optional.of(e.getMessage());
    } catch (UnfitException e) {
      sight.fault = Optional.of(Fault.unread(name, e.getMessage(), e.next()));
    } catch (IOException e) {
      sight.fault =
          Optional.of(
              unreadable(name, e, "Let the user that runs the host read it, then drop it again."));
    } catch (RuntimeException | Error e) { // a directory of gigabytes
      sight.fault = Optional.of(unreadable(name, e, "Make the file anew, then drop that."));
    }
  }

  private static Fault unreadable(String name, Throwable thrown, String next) {
    return Fault.unread(name, "it cannot be read: " + thrown, next);
  }

  private static Fault noFile(String name, Stamp.Kind what) {
    String kind =
        switch (what) {
          case FOLDER -> "it is a folder";
          case LINK -> "it is a symbolic link: what it leads to may change without a trace here";
          default -> "it is no ordinary file";
        };
    return Fault.unread(name, kind, "Drop the file itself.");
  }

  private static Fault notWhole(String name, String reason, Duration patience) {
    return Fault.unread(
        name,
        "it is not whole, and nobody has written to it for "
            + patience.toMillis()
            + " ms: "
            + reason,
        "Copy the whole file again (write it elsewhere, then rename it into the folder).");
  }

  /** Whether the file is still the one that was read. */
  boolean isUnmoved(Drop drop) {
    return stamp(drop.file()).filter(drop.stamp()::equals).isPresent();
  }

  /** Whether it is still what the last look has found; else the next one is about another. */
  boolean isUnmoved(String name) {
    Sight sight = sights.get(name);
    return sight != null && stamp(folder.resolve(name)).filter(sight.stamp::equals).isPresent();
  }

  /** It is read anew at the next look. */
  void forget(String name) {
    sights.remove(name);
  }

  /** It stays where it is, and is not looked at again before it changes. */
  void done(String name) {
    Sight sight = sights.get(name);
    if (sight != null) {
      sight.isDone = true;
      sight.fault = Optional.empty();
      sight.content = Optional.empty();
    }
  }
}
