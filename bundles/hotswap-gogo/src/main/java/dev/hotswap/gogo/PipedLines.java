package dev.hotswap.gogo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The lines of what is piped in, each to be had as soon as it has come whole. One thread adds, and
 * waits while much is not taken yet; another takes. Thread-safe.
 */
final class PipedLines implements Script.Lines {
  /** In bytes; a longer line is not executed, and none after it. */
  static final int LONGEST = 64 * 1024;

  /** So many bytes may wait to be executed. */
  private static final int ROOM = 16 * LONGEST;

  private final ByteArrayOutputStream begun = new ByteArrayOutputStream(); // of who adds
  private final Queue<String> lines = new ArrayDeque<>(); // guarded by this, as the three below
  private int waiting;
  private boolean tooLong;
  private boolean ended;

  /** What has come, wherever it breaks off. */
  void add(byte[] bytes) throws InterruptedException {
    for (byte each : bytes) {
      if (each == '\n') {
        put();
      } else if (begun.size() < LONGEST) {
        begun.write(each);
      } else {
        refuse();
      }
    }
  }

  /** There will be no more; what was begun is a line. */
  void finish() throws InterruptedException {
    if (begun.size() > 0) {
      put();
    }
    end();
  }

  /** There will be no more, and what was begun is none. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  private synchronized void refuse() {
    tooLong = true;
    end();
  }

  private synchronized void put() throws InterruptedException {
    while (waiting > ROOM && !ended) {
      wait();
    }
    String line = begun.toString(StandardCharsets.UTF_8);
    begun.reset();
    if (!ended) {
      lines.add(line);
      waiting += line.length() + 1;
      notifyAll();
    }
  }

  @Override
  public synchronized Optional<String> next() throws InterruptedException {
    while (lines.isEmpty() && !ended) {
      wait();
    }
    Optional<String> line = Optional.ofNullable(lines.poll());
    if (line.isEmpty() && tooLong) {
      throw new UsageException(
          "a line is longer than " + LONGEST + " bytes; it was not executed, and none after it.");
    }
    waiting -= line.map(String::length).orElse(0) + 1;
    notifyAll();
    return line;
  }
}
