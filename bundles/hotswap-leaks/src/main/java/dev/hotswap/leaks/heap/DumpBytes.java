package dev.hotswap.leaks.heap;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a dump, mapped into memory: what is read is in the file cache of the system, not in
 * the Java heap. Positions count from the start of the file. Thread-safe.
 *
 * <p>A position past the end is an {@link IndexOutOfBoundsException}: the dump is damaged then.
 */
final class DumpBytes {
  private static final int SHIFT = 30;
  private static final long MASK = (1L << SHIFT) - 1;
  // a number may lie across the end of a part; the longest has eight bytes
  private static final int OVERLAP = 8;
  private static final String MAGIC = "JAVA PROFILE 1.0.";

  private final MappedByteBuffer[] parts;
  private final long size;
  private final int idSize;
  private final long start;

  private DumpBytes(MappedByteBuffer[] parts, long size) {
    this.parts = parts;
    this.size = size;
    int end = 0;
    StringBuilder magic = new StringBuilder();
    for (int c; end < 32 && end < size && (c = u1(end)) != 0; end++) {
      magic.append((char) c);
    }
    if (!magic.toString().startsWith(MAGIC)) {
      throw new DamagedDumpException("it does not begin as a heap dump does");
    }
    this.idSize = i4(end + 1);
    if (idSize != 4 && idSize != 8) {
      throw new DamagedDumpException("its identifiers have " + idSize + " bytes");
    }
    // after the size of identifiers comes the time
    this.start = end + 1 + 4 + 8;
  }

  static DumpBytes map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      MappedByteBuffer[] parts = new MappedByteBuffer[(int) ((size + MASK) >>> SHIFT)];
      for (int i = 0; i < parts.length; i++) {
        long from = (long) i << SHIFT;
        parts[i] =
            channel.map(
                FileChannel.MapMode.READ_ONLY, from, Math.min(size - from, MASK + 1 + OVERLAP));
      }
      return new DumpBytes(parts, size);
    }
  }

  /** Where the first record begins. */
  long start() {
    return start;
  }

  long size() {
    return size;
  }

  int idSize() {
    return idSize;
  }

  int u1(long at) {
    return parts[(int) (at >>> SHIFT)].get((int) (at & MASK)) & 0xFF;
  }

  int u2(long at) {
    return parts[(int) (at >>> SHIFT)].getShort((int) (at & MASK)) & 0xFFFF;
  }

  int i4(long at) {
    return parts[(int) (at >>> SHIFT)].getInt((int) (at & MASK));
  }

  long u4(long at) {
    return i4(at) & 0xFFFF_FFFFL;
  }

  long i8(long at) {
    return parts[(int) (at >>> SHIFT)].getLong((int) (at & MASK));
  }

  /** An identifier: for objects their address in the heap. */
  long id(long at) {
    return idSize == 8 ? i8(at) : u4(at);
  }

  byte[] copy(long at, int length) {
    if (length < 0 || at + length > size) {
      throw new IndexOutOfBoundsException("at " + at + ", " + length + " bytes");
    }
    byte[] copy = new byte[length];
    copy(at, copy, length);
    return copy;
  }

  void copy(long at, byte[] to, int length) {
    int copied = 0;
    while (copied < length) {
      long from = at + copied;
      int some = (int) Math.min(length - copied, MASK + 1 - (from & MASK));
      parts[(int) (from >>> SHIFT)].get((int) (from & MASK), to, copied, some);
      copied += some;
    }
  }
}
