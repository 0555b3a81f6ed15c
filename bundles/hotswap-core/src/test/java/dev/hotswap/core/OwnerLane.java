package dev.hotswap.core;

/** The owner lane of one object's pins, as the thread that asks uses it, in single steps. */
record OwnerLane(Pins pins) {
  /** Makes this thread the owner, where its stripe is free. */
  Claim claim() {
    return pins.tryOwn(stripe(), Thread.currentThread());
  }

  /** What it got is for {@link #exit} or {@link #backOut}. */
  long tryEnter() {
    return tryEnter(stripe());
  }

  void exit(long seat) {
    pins.exitOwner(pins.cells(), stripe(), seat);
  }

  void backOut(long seat) {
    pins.backOutOwner(pins.cells(), stripe(), seat);
  }

  /** Whether this thread may enter now; leaves things as they are. */
  boolean mayEnter() {
    return mayEnter(stripe());
  }

  /** Whether this thread may enter the other's stripe now; leaves things as they are. */
  boolean mayEnterAs(Thread other) {
    return mayEnter(Pins.stripeOf(other));
  }

  private boolean mayEnter(int stripe) {
    long seat = tryEnter(stripe);
    boolean enters = Pins.isSeat(seat);
    if (enters) {
      pins.backOutOwner(pins.cells(), stripe, seat);
    }
    return enters;
  }

  private long tryEnter(int stripe) {
    return Pins.tryEnterOwner(pins.cells(), stripe, Thread.currentThread());
  }

  private static int stripe() {
    return Pins.stripeOf(Thread.currentThread());
  }
}
