package dev.hotswap.core;

/** The owner lane of one object's pins, as the thread that asks uses it, in single steps. */
record OwnerLane(Pins pins) {
  /** Makes this thread the owner, where its stripe is free. */
  void claim() {
    pins.tryOwn(stripe(), Thread.currentThread());
  }

  boolean tryEnter() {
    return pins.tryEnterOwner(stripe(), Thread.currentThread());
  }

  void exit() {
    pins.exitOwner(stripe());
  }

  void backOut() {
    pins.backOut(stripe());
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
    boolean enters = pins.tryEnterOwner(stripe, Thread.currentThread());
    if (enters) {
      pins.backOut(stripe);
    }
    return enters;
  }

  private static int stripe() {
    return Pins.stripeOf(Thread.currentThread());
  }
}
