package dev.hotswap.leaks.heap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A set of objects, a bit for each address that one can have: 16 MB for each GB of heap. Once it is
 * {@linkplain #number numbered}, each member has a number of its own, from 0 on. Thread-safe,
 * except that it is numbered by one thread, after which nothing is added or removed.
 */
final class AddressSet {
  // an object begins at a multiple of 8
  private static final int ALIGNED = 3;
  private static final int PAGE = 22;
  private static final int WORDS = 1 << PAGE - ALIGNED - 6;
  private static final int BLOCK = 3;
  private static final int PAGES_AT_MOST = 1 << 24;
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** The pages from a base on; replaced as a whole where it grows. */
  private record Pages(long base, long[][] bits) {
    long[] of(long address) {
      long index = (address >>> PAGE) - base;
      return index < 0 || index >= bits.length ? null : bits[(int) index];
    }
  }

  private volatile Pages pages = new Pages(0, new long[0][]);
  private int[][] counts;
  private int size;

  boolean contains(long address) {
    long[] page = pages.of(address);
    return page != null && (page[word(address)] >>> bit(address) & 1) != 0;
  }

  void add(long address) {
    WORD.getAndBitwiseOr(page(address), word(address), 1L << bit(address));
  }

  private long[] page(long address) {
    long[] page = pages.of(address);
    return page == null ? grow(address) : page;
  }

  /**
   * Adds and removes what lies close together, as one atomic operation for each group. What it has
   * not written yet is seen by itself only. For one thread.
   */
  final class Writer {
    private long[] page = {};
    private long pageNumber = -1;
    private int word;
    private long added;
    private long removed;

    boolean contains(long address) {
      if (address >>> PAGE == pageNumber) {
        int other = word(address);
        long bits = page[other];
        if (other == word) {
          bits = (bits | added) & ~removed;
        }
        return (bits >>> bit(address) & 1) != 0;
      }
      return AddressSet.this.contains(address);
    }

    void add(long address) {
      moveTo(address);
      added |= 1L << bit(address);
    }

    void remove(long address) {
      moveTo(address);
      removed |= 1L << bit(address);
    }

    private void moveTo(long address) {
      if (address >>> PAGE != pageNumber || word(address) != word) {
        flush();
        page = page(address);
        pageNumber = address >>> PAGE;
        word = word(address);
      }
    }

    void flush() {
      if (added != 0) {
        WORD.getAndBitwiseOr(page, word, added);
      }
      if (removed != 0) {
        WORD.getAndBitwiseAnd(page, word, ~removed);
      }
      added = 0;
      removed = 0;
    }
  }

  /** How many bytes it takes. */
  long bytes() {
    long used = 0;
    for (long[] page : pages.bits()) {
      used += page == null ? 8 : 8 + page.length * 8L + (WORDS >>> BLOCK) * 4L;
    }
    return used;
  }

  long count() {
    long count = 0;
    for (long[] page : pages.bits()) {
      for (int i = 0; page != null && i < page.length; i++) {
        count += Long.bitCount(page[i]);
      }
    }
    return count;
  }

  private synchronized long[] grow(long address) {
    if ((address & (1 << ALIGNED) - 1) != 0) {
      throw new DamagedDumpException("an object begins at an address that is no multiple of 8");
    }
    long wanted = address >>> PAGE;
    long base = pages.bits().length == 0 ? wanted : Math.min(pages.base(), wanted);
    long end = Math.max(pages.base() + pages.bits().length, wanted + 1);
    end = pages.bits().length == 0 ? wanted + 1 : end;
    if (end - base > PAGES_AT_MOST) {
      throw new DamagedDumpException("its objects are too far apart");
    }
    long[][] bits = new long[(int) (end - base)][];
    System.arraycopy(
        pages.bits(),
        0,
        bits,
        pages.bits().length == 0 ? 0 : (int) (pages.base() - base),
        pages.bits().length);
    int index = (int) (wanted - base);
    if (bits[index] == null) {
      bits[index] = new long[WORDS];
    }
    pages = new Pages(base, bits);
    return bits[index];
  }

  void number() {
    long[][] bits = pages.bits();
    int[][] numbered = new int[bits.length][];
    int next = 0;
    for (int i = 0; i < bits.length; i++) {
      if (bits[i] != null) {
        numbered[i] = new int[WORDS >>> BLOCK];
        for (int w = 0; w < WORDS; w++) {
          if ((w & (1 << BLOCK) - 1) == 0) {
            numbered[i][w >>> BLOCK] = next;
          }
          next += Long.bitCount(bits[i][w]);
        }
      }
    }
    counts = numbered;
    size = next;
  }

  /** How many it had when it was numbered. */
  int size() {
    return size;
  }

  /** The number of the object; -1 where it is no member. */
  int numberOf(long address) {
    Pages now = pages;
    long index = (address >>> PAGE) - now.base();
    if (index < 0 || index >= now.bits().length) {
      return -1;
    }
    long[] page = now.bits()[(int) index];
    int word = word(address);
    if (page == null || (page[word] >>> bit(address) & 1) == 0) {
      return -1;
    }
    int number = counts[(int) index][word >>> BLOCK];
    for (int w = word & -(1 << BLOCK); w < word; w++) {
      number += Long.bitCount(page[w]);
    }
    return number + Long.bitCount(page[word] & (1L << bit(address)) - 1);
  }

  private static int word(long address) {
    return (int) (address >>> ALIGNED + 6) & WORDS - 1;
  }

  private static int bit(long address) {
    return (int) (address >>> ALIGNED) & 63;
  }
}
