package dev.hotswap.core;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A disk that fails at one step of its work, and perhaps at those that follow. Of what is written
 * there it keeps the first half.
 */
final class FaultyDisk implements Disk {
  private static final Set<String> TAKING_ROOM = Set.of("create", "append", "write", "link");

  private final Disk real = Disk.PASSING;
  final List<String> steps = new CopyOnWriteArrayList<>();
  private volatile int at;
  private volatile Fault fault;
  private final AtomicReference<Runnable> atForce = new AtomicReference<>(() -> {});

  /** What becomes of the steps that follow on the one that fails. */
  enum Fault {
    /** They succeed. */
    ONCE,
    /** None of them does: the process might as well be dead. */
    FOR_EVER,
    /** The disk is full: those fail that take room on it. */
    FULL
  }

  /**
   * @param at which step fails, from 1; 0 for none
   */
  FaultyDisk(int at, Fault fault) {
    this.at = at;
    this.fault = fault;
  }

  void failFromNowOn() {
    at = 1;
    fault = Fault.FOR_EVER;
  }

  /** Only the next step. */
  void failNext() {
    at = steps.size() + 1;
  }

  /** What happens, once, while the disk is being waited for. */
  void atForce(Runnable meanwhile) {
    atForce.set(meanwhile);
  }

  boolean hasFailed() {
    return at > 0 && steps.size() >= at;
  }

  private boolean fails(String step, Path path) {
    steps.add(step + " " + path.getFileName());
    int number = steps.size();
    return at > 0 && (number == at || number > at && failsLater(step));
  }

  private boolean failsLater(String step) {
    return switch (fault) {
      case ONCE -> false;
      case FOR_EVER -> true;
      case FULL -> TAKING_ROOM.contains(step);
    };
  }

  private void check(String step, Path path) throws IOException {
    if (fails(step, path)) {
      throw new IOException("no space left at " + step);
    }
  }

  @Override
  public OutputStream create(Path file) throws IOException {
    check("create", file);
    return new Written(real.create(file), file);
  }

  @Override
  public OutputStream append(Path file) throws IOException {
    check("append", file);
    return new Written(real.append(file), file);
  }

  @Override
  public void force(Path fileOrFolder) throws IOException {
    check("force", fileOrFolder);
    atForce.getAndSet(() -> {}).run();
    real.force(fileOrFolder);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check("rename", to);
    real.rename(from, to);
  }

  @Override
  public void link(Path file, Path link) throws IOException {
    check("link", link);
    real.link(file, link);
  }

  @Override
  public void delete(Path file) throws IOException {
    check("delete", file);
    real.delete(file);
  }

  private final class Written extends FilterOutputStream {
    private final Path file;

    Written(OutputStream out, Path file) {
      super(out);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (fails("write", file)) {
        out.write(bytes, from, length / 2);
        throw new IOException("no space left at write");
      }
      out.write(bytes, from, length);
    }
  }
}
