package dev.hotswap.host;

import dev.hotswap.core.Disk;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The disk of this machine, on which a host comes to one step and no further. Of what is written at
 * that step the first half is. Thread-safe.
 */
public final class DyingDisk implements Disk {
  /** What happens at the step. */
  public enum End {
    /** The process ends at once, as if it had been killed. */
    DEATH,
    /** That step fails, and those after it do not. */
    ERROR,
    /** That step fails, and all that write after it. */
    FULL
  }

  private final Disk real = Disk.LASTING;
  private final int at;
  private final End end;
  private final AtomicInteger steps = new AtomicInteger();

  private DyingDisk(int at, End end) {
    this.at = at;
    this.end = end;
  }

  /**
   * Opens a host whose data folder is on such a disk.
   *
   * @param at which step it is, from 1
   */
  public static Host open(Host.Builder builder, int at, End end) {
    return builder.disk(new DyingDisk(at, end)).open();
  }

  private boolean ends(boolean writes) {
    int step = steps.incrementAndGet();
    return step == at || (step > at && end == End.FULL && writes);
  }

  private void check(boolean writes) throws IOException {
    if (ends(writes)) {
      throw ended();
    }
  }

  private IOException ended() {
    if (end == End.DEATH) {
      Runtime.getRuntime().halt(137);
    }
    return new IOException(end == End.FULL ? "No space left on device" : "Input/output error");
  }

  @Override
  public OutputStream create(Path file) throws IOException {
    check(true);
    return new Written(real.create(file));
  }

  @Override
  public OutputStream append(Path file) throws IOException {
    check(true);
    return new Written(real.append(file));
  }

  @Override
  public void force(Path fileOrFolder) throws IOException {
    check(false);
    real.force(fileOrFolder);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check(false);
    real.rename(from, to);
  }

  @Override
  public void link(Path file, Path link) throws IOException {
    check(true);
    real.link(file, link);
  }

  @Override
  public void delete(Path file) throws IOException {
    check(false);
    real.delete(file);
  }

  private final class Written extends FilterOutputStream {
    Written(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (ends(true)) {
        out.write(bytes, from, length / 2);
        throw ended();
      }
      out.write(bytes, from, length);
    }
  }
}
