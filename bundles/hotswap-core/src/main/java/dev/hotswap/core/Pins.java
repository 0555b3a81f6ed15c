package dev.hotswap.core;

import dev.hotswap.api.Calls;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Counts who is inside one service object, and tells when, after it was retired, nobody is.
 *
 * <p>The counts are striped so that threads do not share a cache line; a caller pays for one
 * stripe, the retiring side pays for the sum. A stripe is
 *
 * <ul>
 *   <li>{@code A}, the seat of the stripe's owner, written by that platform thread only: the sign
 *       bit says INSIDE, then comes the thread's id, and the low 24 bits count who came out. One
 *       load and one comparison tell whether a thread may sit down; rising from the seat counts in
 *       the same write;
 *   <li>{@code X}, on lines of its own, written by everybody with atomic additions: the low 32 bits
 *       count who is inside through the shared lane, the next 31 count who came out, and the sign
 *       bit says RETIRED.
 * </ul>
 *
 * <h2>Protocol</h2>
 *
 * <pre>
 * shared lane  g = current;  if (getAndAdd(g.X, 1) &gt;= 0) run, then getAndAdd(g.X, OUT);
 *                            else undo the addition and look at current again
 * once more    inside through either lane of a stripe:  getAndAdd(g.X, 1), then leave that lane
 * owner lane   g = current;  a = A;  A = a + INSIDE;
 *                            if (current is still g) run, then A = a + 1 (release);
 *                            else A = a, and take the shared lane
 * retire       1 current = new   2 retiring = true   3 every X |= RETIRED   4 heavy barrier
 *              5 armed = true    6 scan
 * shut         1 to 4 of these; retire goes on with 5
 * leave        if (retiring) { full fence; if (armed) scan }
 * scan         no A says INSIDE, every X with nobody inside: drained
 * </pre>
 *
 * <h2>Why nobody is inside once it says drained</h2>
 *
 * <p>Shared lane: all accesses to one X are atomic read-modify-writes of one location, so they are
 * totally ordered. An addition before the RETIRED write is counted and seen by every later scan;
 * one after it sees the sign bit, never touches the service, and looks at {@code current} again,
 * which step 1 has already changed. So after step 3 the count of callers inside only falls, but for
 * those who enter once more, and zero is final.
 *
 * <p>Owner lane: the owner writes A and then reads {@code current}; the retiring side writes {@code
 * current} (1) and then reads A (6). With a full barrier between the two accesses on either side,
 * one of them sees the other (Dekker): either the scan sees INSIDE, or the owner sees the change
 * and backs out before touching the service. The retiring side's barrier is step 4. The owner's is,
 * in the <em>fenced</em> lane, the atomic exchange that writes A. In the <em>asymmetric</em> lane
 * it is executed on the owner's behalf: {@link Membarrier} in step 4 returns when every running
 * thread has passed a full barrier, so the owner's write of A either comes before that barrier, and
 * the scan sees it, or its read of {@code current} comes after it, and sees step 1. What remains to
 * the owner is that the two stay in program order in the compiled code: the release fence between
 * them is a barrier to HotSpot's compilers, since it takes in and hands on all of memory, and no
 * instruction on x86-64. A volatile read alone would not do: C2 may schedule it before an earlier
 * store to another field.
 *
 * <p>Once more, on the way out: whoever is inside adds to X before it leaves its own lane of the
 * same stripe, and a scan reads A before X. So a scan that no longer finds it in its own lane finds
 * the addition. It is the only way in after step 3, and it is taken from inside.
 *
 * <p>Once more, through a shut door: between {@link #shut} and {@link #retire} a caller may be let
 * in by {@link #enterSharedAgain} although it is inside of something else only. Until 5 nothing is
 * said to be drained; who goes on to 5 has seen by {@link #isEmpty} that nobody is inside, under
 * the lock under which such callers are let in, and lets in none from then on.
 *
 * <p>A seat that a scan has seen empty may be taken for a moment by a thread that still holds the
 * old value of {@code current}, but that thread backs out, and leaves the count as it was.
 *
 * <h2>Why the waiter hears of it</h2>
 *
 * <p>Either the last one out reads {@code armed} and scans, or step 6 scans after its exit. Exit by
 * X is an atomic read-modify-write followed by a full fence and the read of {@code armed}; the
 * retiring side writes {@code armed} (volatile) before it reads X. Exit by A in the asymmetric
 * lane: if the owner's read of {@code retiring} missed step 2, it came before the barrier of step
 * 4, and so did its write of A, which the release fence keeps before that read and which step 6
 * then sees. In the fenced lane nothing orders the exit's write of A before its read of {@code
 * retiring} on the processor: step 6 may see INSIDE while the owner has read {@code retiring} as
 * false, the write being still in that processor's store buffer. For that lane {@link
 * #awaitDrained} looks again by itself. Nothing else relies on that.
 *
 * <p>Where the barrier of step 4 fails (a system call may) nobody can tell whether an owner is
 * inside: step 5 is not reached, the drain does not end, and so is overdue in time, and the log has
 * the reason. Whoever waits tries the barrier again.
 *
 * <h2>Ownership</h2>
 *
 * <p>A stripe is claimed through a weak reference to the thread, off the fast path; the id is
 * written by the claimant itself and is what the fast path compares. It passes on only when the
 * owner has ended, which {@code isAlive} or the cleared reference tells, and that makes its last
 * writes visible (JLS 17.4.5). Ids must be unique: before JDK 19 a subclass may override {@code
 * getId}, so there only threads of exactly the JDK's own two classes own. Virtual threads never
 * own, nor does a thread whose id does not fit. Whoever owns nothing uses the shared lane, where
 * platform threads are known as {@link Guests} and virtual ones by their {@link Berths}, and so
 * does a nested call, whose outer call is INSIDE. When the count has filled 23 of its bits, the
 * 24th makes the comparison fail: the owner takes the shared lane once, and carries the count over
 * from there.
 *
 * <p>Not covered: a {@code StackOverflowError} or a {@code Thread.stop} between entering and the
 * protected block leaves a pin behind, and the drain then never ends.
 */
class Pins {
  private static final int STRIPES =
      Math.max(64, Integer.highestOneBit(8 * Runtime.getRuntime().availableProcessors() - 1));

  /** 32 longs, 256 bytes, a stripe: no two stripes, and no A and X, share a line or a line pair. */
  private static final int STRIDE_SHIFT = 5;

  /** Nothing is written on the lines of the array's own length, which every call reads. */
  private static final int PAD = 1 << STRIDE_SHIFT;

  private static final int A = PAD;
  static final int X = PAD + 16;

  private static final int COUNT_BITS = 23;
  private static final int ID_SHIFT = COUNT_BITS + 1;
  private static final long COUNT = (1L << ID_SHIFT) - 1;
  private static final long HIGHEST_ID = (1L << (Long.SIZE - 1 - ID_SHIFT)) - 1;
  private static final long INSIDE = Long.MIN_VALUE;

  /** What {@link #tryEnterOwner} answers when it got no seat. */
  static final long NO_SEAT = 0;

  private static final long RETIRED = Long.MIN_VALUE;
  private static final long ONE_OUT = 1L << 32;
  private static final long SPILL = 1L << 62;
  private static final long RESCAN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

  private static final boolean ASYMMETRIC = Membarrier.AVAILABLE;
  private static final boolean IDS_ARE_FINAL = Runtime.version().feature() >= 19;
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] cells;
  private final AtomicReferenceArray<Claim> owners = new AtomicReferenceArray<>(STRIPES);
  private final Guests guests = new Guests(STRIPES);
  private final AtomicReference<Berths> berths = new AtomicReference<>(); // null: none came
  private final LongAdder spilled = new LongAdder();
  private final LongAdder threw = new LongAdder();
  private final CountDownLatch drained = new CountDownLatch(1);
  private long retiredNanos;
  private volatile boolean retiring;
  private volatile boolean due;
  private volatile boolean armed;
  private boolean fenced; // guarded by this

  /** Open, and nobody is inside. */
  Pins() {
    this(new long[PAD + (STRIPES << STRIDE_SHIFT)]);
  }

  private Pins(long[] cells) {
    this.cells = cells;
  }

  /** Retired from the start; nobody can ever enter. Takes next to no memory beyond the first. */
  Pins(Pins closed) {
    this(closed.cells);
    retiring = true;
  }

  /** How the owners of this JVM pin: {@code asymmetric} or {@code fenced}. */
  static String lane() {
    return ASYMMETRIC ? "asymmetric" : "fenced";
  }

  /** Where the thread's stripe begins. Threads with consecutive ids never share one. */
  static int stripeOf(Thread thread) {
    return ((int) id(thread) & (STRIPES - 1)) << STRIDE_SHIFT;
  }

  private static long id(Thread thread) {
    return Threads.id(thread);
  }

  private static boolean hasUniqueId(Thread thread) {
    return IDS_ARE_FINAL
        || thread.getClass() == Thread.class
        || thread.getClass() == ForkJoinWorkerThread.class;
  }

  /** For a caller by the owner lane to keep: the compiler loads a field again after a barrier. */
  long[] cells() {
    return cells;
  }

  /**
   * Takes the stripe's seat, where it is the thread's and not already taken. The caller looks at
   * {@code current} again before it goes on, and then calls {@link #exitOwner} or {@link
   * #backOutOwner} with what it got here.
   *
   * @return the seat as it was found, never {@link #NO_SEAT}; or {@link #NO_SEAT}
   */
  static long tryEnterOwner(long[] cells, int stripe, Thread thread) {
    long seat = cells[stripe + A];
    if (seat >> COUNT_BITS != id(thread) << 1 || !hasUniqueId(thread)) {
      return NO_SEAT;
    }
    if (ASYMMETRIC) {
      CELL.setOpaque(cells, stripe + A, seat | INSIDE);
      VarHandle.releaseFence();
    } else {
      long ignored = (long) CELL.getAndSet(cells, stripe + A, seat | INSIDE);
    }
    return seat;
  }

  /** Whether {@link #tryEnterOwner} got the seat. */
  static boolean isSeat(long seat) {
    return seat != NO_SEAT;
  }

  /** Leaves the owner lane after a call. */
  void exitOwner(long[] cells, int stripe, long seat) {
    rise(cells, stripe, seat + 1);
  }

  /** Leaves the owner lane without having called: not counted. */
  void backOutOwner(long[] cells, int stripe, long seat) {
    rise(cells, stripe, seat);
  }

  private void rise(long[] cells, int stripe, long seat) {
    CELL.setRelease(cells, stripe + A, seat);
    if (ASYMMETRIC) {
      VarHandle.releaseFence(); // or the compiler may read retiring first: a lost wake-up
    }
    if (retiring) {
      hint();
    }
  }

  /** Enters by the shared lane, unless retired. Whoever got true calls {@link #exitShared}. */
  boolean tryEnterShared(int stripe) {
    long before = (long) CELL.getAndAdd(cells, stripe + X, 1L);
    if (before >= 0 && (int) before >= 0) {
      if ((before & SPILL) != 0) {
        spill(stripe + X);
      }
      return true;
    }
    backOutShared(stripe);
    if (before >= 0) {
      throw tooManyLeases();
    }
    return false;
  }

  private static IllegalStateException tooManyLeases() {
    return new IllegalStateException("2^31 leases are open on one stripe: leases are not closed");
  }

  /**
   * Enters by the shared lane once more, retired or not. The caller is inside, with this stripe,
   * and stays there until it has come back from here; or it is let in through a shut door.
   */
  void enterSharedAgain(int stripe) {
    long before = (long) CELL.getAndAdd(cells, stripe + X, 1L);
    if ((int) before < 0) {
      backOutShared(stripe);
      throw tooManyLeases();
    }
    if ((before & SPILL) != 0) {
      spill(stripe + X);
    }
  }

  /** Leaves the shared lane, on any thread, with the stripe that was entered. */
  void exitShared(int stripe) {
    afterExit((long) CELL.getAndAdd(cells, stripe + X, ONE_OUT - 1) + ONE_OUT - 1);
  }

  /** Leaves the shared lane without having called: not counted. */
  void backOutShared(int stripe) {
    afterExit((long) CELL.getAndAdd(cells, stripe + X, -1L) - 1);
  }

  /** Counts a call that threw. */
  void countThrown() {
    threw.increment();
  }

  /**
   * Makes the thread the stripe's owner for its next calls, where the stripe is free, and has its
   * call known in any case that can be. The caller is inside by the shared lane, so that the count
   * cannot be read as final meanwhile.
   *
   * @return the thread's claim, to be {@linkplain Claim#settle settled} when the caller leaves; or
   *     null, for a virtual thread, which calls {@link #settleVirtual}, and where too many others
   *     have come before
   */
  Claim tryOwn(int stripe, Thread thread) {
    int index = stripe >>> STRIDE_SHIFT;
    Claim claim = owners.get(index);
    if (claim != null && claim.refersTo(thread)) {
      carryOver(stripe);
      return claim.begin();
    }
    if (Threads.isVirtual(thread)) {
      berths().take(thread);
      return null;
    }
    boolean mayClaim = Claim.isFree(claim) && mayOwn(thread);
    Claim own = mayClaim ? tryClaim(stripe, claim, thread) : null;
    return own == null ? guests.tryBegin(thread) : own;
  }

  private Berths berths() {
    Berths known = berths.get();
    if (known == null) {
      berths.compareAndSet(null, new Berths());
      known = berths.get();
    }
    return known;
  }

  private Claim tryClaim(int stripe, Claim before, Thread thread) {
    Claim claim = new Claim(thread).begin();
    if (!owners.compareAndSet(stripe >>> STRIDE_SHIFT, before, claim)) {
      return null;
    }
    long count = cells[stripe + A] & COUNT;
    cells[stripe + A] = id(thread) << ID_SHIFT | count; // only this thread acts on its own id
    return claim;
  }

  /**
   * The innermost call of this thread by the shared lane ends, where it is known: for a caller that
   * has not kept what {@link #tryOwn} answered. Calls of one thread end in the reverse order of
   * their beginning.
   */
  void settle(int stripe, Thread thread) {
    if (Threads.isVirtual(thread)) {
      settleVirtual(thread);
      return;
    }
    Claim claim = claimInside(stripe, thread);
    if (claim != null) {
      claim.settle();
    }
  }

  /** A call of this thread by the shared lane ends, where {@link #tryOwn} gave it no claim. */
  void settleVirtual(Thread thread) {
    Berths known = berths.get();
    if (known != null && Threads.isVirtual(thread)) {
      known.leave(thread);
    }
  }

  /** Through which the thread is inside; the owner's first, which it has become later. */
  private Claim claimInside(int stripe, Thread thread) {
    Claim claim = owners.get(stripe >>> STRIDE_SHIFT);
    if (claim != null && claim.refersTo(thread) && claim.isInside()) {
      return claim;
    }
    Claim guest = guests.of(thread);
    return guest != null && guest.isInside() ? guest : null;
  }

  private static boolean mayOwn(Thread thread) {
    return hasUniqueId(thread) && id(thread) <= HIGHEST_ID;
  }

  /** By the owner, that may be inside: then its seat stays as it is. */
  private void carryOver(int stripe) {
    long seat = cells[stripe + A];
    if (seat >= 0 && (seat & COUNT) >> COUNT_BITS != 0) {
      spilled.add(seat & COUNT);
      cells[stripe + A] = seat & ~COUNT;
    }
  }

  /**
   * Lets nobody in any more, but by {@link #enterSharedAgain}; it is not drained before {@link
   * #retire}. The caller has already taken this one out of {@code current}: a thread that is
   * refused looks there. Idempotent.
   */
  synchronized void shut() {
    if (retiring) {
      return;
    }
    retiredNanos = System.nanoTime();
    retiring = true;
    for (int stripe = 0; stripe < cells.length - PAD; stripe += 1 << STRIDE_SHIFT) {
      long ignored = (long) CELL.getAndBitwiseOr(cells, stripe + X, RETIRED);
    }
    try {
      barrier();
      fenced = true;
    } catch (RuntimeException | Error e) {
      System.getLogger(Pins.class.getName())
          .log(
              System.Logger.Level.ERROR,
              "event=barrier-failed pins=\"" + this + "\" reason=" + Thrown.asText(e));
    }
  }

  /** As {@link #shut}, and tells from now on when nobody is inside. Idempotent. */
  synchronized void retire() {
    shut();
    due = true;
    if (!armed && isFenced()) {
      armed = true;
      scan();
    }
  }

  /** Step 4: every running thread passes a full barrier; or this one, where owners have theirs. */
  void barrier() {
    if (ASYMMETRIC) {
      Membarrier.execute();
    } else {
      VarHandle.fullFence();
    }
  }

  /** Whether the barrier of step 4 has been passed; where it failed it is tried again. */
  private synchronized boolean isFenced() {
    if (retiring && !fenced) {
      try {
        barrier();
        fenced = true;
      } catch (RuntimeException | Error e) {
        return false; // the log has it from the first time
      }
    }
    return fenced;
  }

  /** Whether, after {@link #shut}, nobody is inside at this moment. */
  boolean isEmpty() {
    return isFenced() && findsNobody();
  }

  /** Whether it was retired, and the machine does not let anybody know who is inside. */
  boolean isUncertain() {
    return due && !armed;
  }

  /** Whether, after {@link #retire()}, nobody is inside any more. */
  boolean isDrained() {
    return drained.getCount() == 0;
  }

  /** Whether nobody can enter any more. */
  boolean isRetired() {
    return retiring;
  }

  /** Whether it has been retired and somebody is still inside. */
  boolean isDraining() {
    return retiring && !isDrained();
  }

  /** How long ago it was retired; asked only once it is. */
  long nanosSinceRetired() {
    // plain: it was written before retiring, which the asker has read
    return System.nanoTime() - retiredNanos;
  }

  /**
   * What {@code look} finds of each thread that is known to be inside. It was inside, in one and
   * the same call, all the while that {@code look} took: else its count would have risen. Whoever
   * is inside a call inside a call is found once for each, the further times after all others.
   *
   * @param shared whether to look also at those that are inside by the shared lane
   */
  <T> List<T> knownInside(boolean shared, Function<Thread, T> look) {
    List<T> found = new ArrayList<>();
    List<T> again = new ArrayList<>();
    for (int stripe = 0; stripe < cells.length - PAD; stripe += 1 << STRIDE_SHIFT) {
      Claim claim = owners.get(stripe >>> STRIDE_SHIFT);
      Thread owner = claim == null ? null : claim.get();
      long seat = (long) CELL.getVolatile(cells, stripe + A);
      boolean isSeated = owner != null && isInside(seat, owner);
      if (isSeated) {
        int own = stripe;
        found.addAll(seen(owner, 1, look, () -> (long) CELL.getVolatile(cells, own + A) == seat));
      }
      if (claim != null && shared) {
        addTo(isSeated ? again : found, again, seen(claim, look));
      }
    }
    if (shared) {
      guests.inside().forEach(claim -> addTo(found, again, seen(claim, look)));
      Berths known = berths.get();
      if (known != null) {
        known.seen(look, this::ended).forEach(seen -> addTo(found, again, seen));
      }
    }
    found.addAll(again);
    return found;
  }

  /** How many calls of the thread's stripe have come out by the shared lane. */
  private long ended(Thread thread) {
    return ((long) CELL.getVolatile(cells, stripeOf(thread) + X) & ~RETIRED) >>> 32;
  }

  private static <T> void addTo(List<T> first, List<T> others, List<T> seen) {
    if (!seen.isEmpty()) {
      first.add(seen.get(0));
      others.addAll(seen.subList(1, seen.size()));
    }
  }

  /** Once for each of its calls. */
  private static <T> List<T> seen(Claim claim, Function<Thread, T> look) {
    Thread caller = claim.get();
    int ended = claim.endedIfInside();
    return caller == null || ended < 0
        ? List.of()
        : seen(caller, claim.begunBeyond(ended), look, () -> claim.endedIfInside() == ended);
  }

  private static <T> List<T> seen(
      Thread caller, int times, Function<Thread, T> look, BooleanSupplier stillInside) {
    T seen = look.apply(caller);
    return stillInside.getAsBoolean() ? Collections.nCopies(times, seen) : List.of();
  }

  /** Every stripe's seat at this moment, for {@link #isTaken} and {@link #callsBetween}. */
  long[] seats() {
    long[] seats = new long[STRIPES];
    for (int i = 0; i < Math.min(STRIPES, (cells.length - PAD) >>> STRIDE_SHIFT); i++) {
      seats[i] = (long) CELL.getVolatile(cells, (i << STRIDE_SHIFT) + A);
    }
    return seats;
  }

  /** Whether an owner is inside; as long as the seat stays the same, it is in the same call. */
  static boolean isTaken(long seat) {
    return seat < 0;
  }

  /** How many calls came out by a seat between two looks at it. */
  static long callsBetween(long before, long after) {
    long more = (after & COUNT) - (before & COUNT);
    return more < 0 ? more + (1L << COUNT_BITS) : more; // it was carried over in between
  }

  private static boolean isInside(long seat, Thread owner) {
    return seat < 0 && (seat & ~INSIDE) >>> ID_SHIFT == id(owner);
  }

  /**
   * Waits until nobody is inside.
   *
   * @return false when the time is up first
   */
  boolean awaitDrained(long nanos) throws InterruptedException {
    long start = System.nanoTime();
    while (!isDrained() && System.nanoTime() - start < Math.min(nanos, SPIN_NANOS)) {
      Thread.onSpinWait();
    }
    while (!isDrained() && !looksDrained()) {
      long left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return false;
      }
      boolean told = ASYMMETRIC && armed;
      drained.await(told ? left : Math.min(left, RESCAN_NANOS), TimeUnit.NANOSECONDS);
    }
    return true;
  }

  /** What the last one out may not have found, or what nobody could look for yet. */
  private boolean looksDrained() {
    if (isUncertain()) {
      retire();
    }
    if (!ASYMMETRIC && armed) {
      scan(); // an owner's exit may have been in its store buffer when step 6 scanned
    }
    return isDrained();
  }

  /**
   * As {@link #awaitDrained}, but this thread's own call is not waited for, where it is known: who
   * takes a service away from inside a call on it would wait for itself. Known is a call without
   * another inside it.
   *
   * @return whether nobody else is inside; {@link #isDrained} tells whether nobody is
   */
  boolean awaitOthers(long nanos) throws InterruptedException {
    Thread self = Thread.currentThread();
    long start = System.nanoTime();
    while (isInside(self)) {
      long left = nanos - (System.nanoTime() - start);
      if (isAlone(self) || left <= 0) {
        return isAlone(self);
      }
      drained.await(Math.min(left, RESCAN_NANOS), TimeUnit.NANOSECONDS);
    }
    return awaitDrained(nanos - (System.nanoTime() - start));
  }

  /** Whether the calling thread is in a call that is known to be its own. */
  boolean isEnteredByCaller() {
    return isInside(Thread.currentThread());
  }

  /** Whether the thread, which is this one, is in a call that is known to be its own. */
  private boolean isInside(Thread self) {
    int own = stripeOf(self);
    Claim claim = owners.get(own >>> STRIDE_SHIFT);
    boolean owns = claim != null && claim.refersTo(self);
    return owns && isInside((long) CELL.getVolatile(cells, own + A), self)
        || claimInside(own, self) != null
        || isBerthed(self);
  }

  private boolean isBerthed(Thread self) {
    Berths known = berths.get();
    return known != null && known.has(self);
  }

  /** As a scan, but for what such a call has put there. */
  private boolean isAlone(Thread self) {
    int own = stripeOf(self);
    for (int stripe = 0; stripe < cells.length - PAD; stripe += 1 << STRIDE_SHIFT) {
      long seat = (long) CELL.getVolatile(cells, stripe + A);
      int shared = (int) (long) CELL.getVolatile(cells, stripe + X);
      int inside = (seat < 0 ? 1 : 0) + shared;
      if (inside > (stripe == own ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }

  /** Exact once drained; before that each number is a moment's reading. */
  Calls calls() {
    boolean settled = isDrained(); // who is seen inside then has been refused and is on its way out
    long thrown = threw.sum();
    long out = spilled.sum();
    long in = 0;
    for (int stripe = 0; stripe < cells.length - PAD; stripe += 1 << STRIDE_SHIFT) {
      long seat = (long) CELL.getAcquire(cells, stripe + A);
      long inside = settled || seat >= 0 ? 0 : 1;
      long x = (long) CELL.getAcquire(cells, stripe + X);
      out += (seat & COUNT) + ((x & ~RETIRED) >>> 32);
      in += settled ? 0 : inside + (int) x;
    }
    return new Calls(out + in, out - thrown, thrown);
  }

  /**
   * The count of callers that came out is half-way to the sign bit: puts it elsewhere. By one who
   * is inside, so that the count cannot be read as final between the two writes.
   */
  private void spill(int cell) {
    long before = (long) CELL.getVolatile(cells, cell);
    long out = (before & ~RETIRED) >>> 32;
    if (CELL.compareAndSet(cells, cell, before, before - out * ONE_OUT)) {
      spilled.add(out);
    }
  }

  private void afterExit(long after) {
    if (after < 0 && (int) after == 0) {
      hint();
    }
  }

  private void hint() {
    VarHandle.fullFence();
    if (armed) {
      scan();
    }
  }

  private void scan() {
    if (findsNobody()) {
      drained.countDown();
    }
  }

  private boolean findsNobody() {
    for (int stripe = 0; stripe < cells.length - PAD; stripe += 1 << STRIDE_SHIFT) {
      long seat = (long) CELL.getVolatile(cells, stripe + A);
      long x = (long) CELL.getVolatile(cells, stripe + X);
      if (seat < 0 || (int) x != 0) {
        return false;
      }
    }
    return true;
  }
}
