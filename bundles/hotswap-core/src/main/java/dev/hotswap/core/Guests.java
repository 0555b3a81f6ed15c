package dev.hotswap.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The platform threads whose stripe is another's, so that their calls are known as an owner's are.
 * A thread has one of a few places that its id tells; it is known by reference, since an id may be
 * anything where a subclass says what it is. Whoever finds those places taken is not known.
 * Thread-safe.
 *
 * <p>Threads that meet in a stripe have ids that are multiples of {@code stripes} apart, and begin
 * to look at places of their own.
 */
final class Guests {
  /** Where a thread looks: few, because each call by the shared lane may look at all of them. */
  private static final int WINDOW = 8;

  private final AtomicReferenceArray<Claim> places;

  /**
   * @param stripes a power of two
   */
  Guests(int stripes) {
    this.places = new AtomicReferenceArray<>(stripes);
  }

  /**
   * A call of this thread begins.
   *
   * @return to be {@linkplain Claim#settle settled} when it ends; null where it is not known
   */
  Claim tryBegin(Thread thread) {
    Claim known = of(thread);
    return known == null ? tryClaim(thread) : known.begin();
  }

  /** The thread's claim; null where it has none. */
  Claim of(Thread thread) {
    int first = first(thread);
    for (int i = 0; i < WINDOW; i++) {
      Claim claim = places.get(place(first, i));
      if (claim != null && claim.refersTo(thread)) {
        return claim;
      }
    }
    return null;
  }

  private Claim tryClaim(Thread thread) {
    int first = first(thread);
    for (int i = 0; i < WINDOW; i++) {
      Claim before = places.get(place(first, i));
      if (Claim.isFree(before)) {
        Claim claim = new Claim(thread).begin();
        if (places.compareAndSet(place(first, i), before, claim)) {
          return claim;
        }
      }
    }
    return null;
  }

  private int first(Thread thread) {
    return (int) (Threads.id(thread) / places.length());
  }

  private int place(int first, int step) {
    return first + step & places.length() - 1;
  }

  /** Those whose call goes on. */
  List<Claim> inside() {
    List<Claim> inside = new ArrayList<>();
    for (int i = 0; i < places.length(); i++) {
      Claim claim = places.get(i);
      if (claim != null && claim.isInside()) {
        inside.add(claim);
      }
    }
    return inside;
  }
}
