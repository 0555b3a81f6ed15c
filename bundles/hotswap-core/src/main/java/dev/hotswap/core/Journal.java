package dev.hotswap.core;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The truth about what should run: a file to which each change is added before it is made, so that
 * the host after this one begins where this one ended, however that was. A journal without a file
 * remembers as long as the process lives. Thread-safe; no foreign code runs under its lock.
 */
public final class Journal {
  /** After so many entries the file is written anew. */
  static final int MOST = 200;

  /** Numbers are taken from the file by so many at a time: one write for all of them. */
  static final int NUMBERS = 16;

  private static final String IN_DOUBT =
      "nor can it be written anew, and until it is, a host that opens after a crash may find this done";

  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  private final Optional<JournalFile> file;
  private final Map<String, Long> given = new HashMap<>();
  private volatile Deployment state;
  private int depth = Integer.MAX_VALUE;
  private int entries;
  private volatile boolean behind;
  private boolean closed;

  private Journal(Optional<JournalFile> file, Deployment state) {
    this.file = file;
    this.state = state;
    given.putAll(state.numbers());
  }

  /** One that ends with the process. */
  public static Journal passing() {
    return new Journal(Optional.empty(), Deployment.NONE);
  }

  /**
   * Reads a journal and goes on with it. The beginning of an entry at its end, which a crash cut
   * off, is dropped and logged.
   *
   * @param file where it is, or will be
   * @throws JournalException when it is damaged otherwise, or of another version; it is not touched
   * @throws IOException when it cannot be read
   */
  public static Journal open(Path file, Disk disk) throws IOException {
    JournalFile lines = new JournalFile(file, disk);
    Deployment state = Deployment.NONE;
    Optional<JournalFile.Content> content = lines.read();
    if (content.isPresent()) {
      for (Entry entry : content.get().entries()) {
        state = entry.on(state);
      }
      if (content.get().cut() > 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "event=journal-cut file=" + file + " bytes=" + content.get().cut());
      }
    }
    Journal journal = new Journal(Optional.of(lines), state);
    journal.behind = true; // a file of our own from the first entry on: one that ends with one
    journal.settle();
    return journal;
  }

  /** What a committed entry has changed. */
  record Commit(Deployment before, Deployment after) {}

  /** What should run, by now. */
  Deployment state() {
    return state;
  }

  /**
   * Whether the bytes are needed, now or by whoever reads the file as it is: as long as it is
   * behind nobody knows.
   */
  boolean names(String sha256) {
    return behind || state.names(sha256);
  }

  /** As {@link #names}, of many at a time, by now. */
  Predicate<String> naming() {
    Set<String> named = state.named();
    return behind ? any -> true : named::contains;
  }

  /**
   * From now on.
   *
   * @param swaps how many of one plugin can be undone
   */
  synchronized void keep(int swaps) {
    depth = swaps;
    state = state.atMost(depth);
  }

  /**
   * Makes an entry that is there after a crash, once this has returned.
   *
   * @throws IOException when that failed; then it is as if it had not been tried, unless the file
   *     can no longer be written at all: until it can, nothing is recorded, and nobody knows
   *     whether a host that opens meanwhile finds the entry
   */
  synchronized Commit commit(Entry entry) throws IOException {
    if (closed) {
      throw new IOException("the journal is closed");
    }
    Commit commit = new Commit(state, entry.on(state).atMost(depth));
    try {
      write(entry, commit.after);
      state = commit.after;
      return commit;
    } catch (IOException e) {
      behind = true;
      settle();
      throw behind ? new IOException(e + "; " + IN_DOUBT, e) : e;
    }
  }

  /**
   * Makes an entry about what has happened already. Where it cannot be written the journal is
   * behind, which is logged, and catches up with the next entry that can.
   */
  synchronized void note(Entry entry) {
    if (closed) {
      return;
    }
    state = entry.on(state).atMost(depth);
    try {
      write(entry, state);
    } catch (IOException e) {
      behind = true;
      settle();
    }
  }

  /** What was committed has not come about; noted as {@link #note} does. */
  synchronized void takeBack(Commit commit) {
    if (!closed) {
      state = state.takenBack(commit.before, commit.after).atMost(depth);
      behind = true;
      settle();
    }
  }

  /**
   * A number that no generation of the plugin has had, in this process or before it.
   *
   * @throws IOException when that cannot be recorded
   */
  synchronized long number(String plugin) throws IOException {
    long next = given.getOrDefault(plugin, 0L) + 1;
    if (next > state.numbers().getOrDefault(plugin, 0L)) {
      commit(new Entry.Numbers(plugin, next + NUMBERS - 1));
    }
    given.put(plugin, next);
    return next;
  }

  /** Writes the file anew where it has grown long, or is behind. */
  synchronized void tidy() {
    if (!closed && (behind || entries > MOST)) {
      behind = true;
      settle();
    }
  }

  /** Writes the file anew, with the numbers that were given. Nothing is written from now on. */
  synchronized void close() {
    if (!closed) {
      state = state.withNumbers(given);
      behind = true;
      settle();
      closed = true;
    }
  }

  private void write(Entry entry, Deployment next) throws IOException {
    if (behind) {
      replace(next);
    } else if (file.isPresent()) {
      file.get().append(entry);
      entries++;
    }
  }

  private void replace(Deployment next) throws IOException {
    if (file.isPresent()) {
      file.get().replace(Entry.all(next));
    }
    entries = 0;
    behind = false;
  }

  /** Has the file say what is so, if it can be written. */
  private void settle() {
    try {
      replace(state);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.ERROR, "event=journal-behind file=" + file.get() + " reason=" + e);
    }
  }
}
