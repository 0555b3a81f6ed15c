package dev.hotswap.core;

/** The owner lane of one object's pins, as the thread that asks uses it, in single steps. */
record OwnerLane(Pins pins) {
  /** Makes this thread the owner, where its stripe is free. */
  void claim() {
    pins.tryOwn(stripe(), Thread.currentThread());
  }

  boolean tryEnter() {
    return Pins.tryEnterOwner(pins.cells(), stripe(), Thread.currentThread());
  }

  void exit() {
    pins.exitOwner(pins.cells(), stripe());
  }

  void backOut() {
    pins.exitOwner(pins.cells(), stripe());
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
    boolean enters = Pins.tryEnterOwner(pins.cells(), stripe, Thread.currentThread());
    if (enters) {
      pins.exitOwner(pins.cells(), stripe);
    }
    return enters;
  }

  private static int stripe() {
    return Pins.stripeOf(Thread.currentThread());
  }
}
