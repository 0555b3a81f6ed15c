package dev.hotswap.itest;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What goes on while others call: slow calls, and leases in other hands. Thread-safe. */
final class Meanwhile {
  private static final int CALLS = 3_000;
  private static final int LEASES = 16;

  private final BlockingQueue<Runnable> leases = new LinkedBlockingQueue<>(LEASES);
  private volatile CountDownLatch slow = new CountDownLatch(0);
  private volatile boolean over;

  /** Opens when others have called so many times; for one slow caller. */
  CountDownLatch begin() {
    CountDownLatch latch = new CountDownLatch(CALLS);
    slow = latch;
    return over ? new CountDownLatch(0) : latch;
  }

  /** A call has come back. */
  void tick() {
    slow.countDown();
  }

  /** Hands a lease on; does it here where the others have their hands full. */
  void later(Runnable close) {
    if (over || !leases.offer(close)) {
      close.run();
    }
  }

  /** Does what was handed on last by anybody. */
  void doOne() throws InterruptedException {
    Runnable close = leases.poll(10, TimeUnit.MILLISECONDS);
    if (close != null) {
      close.run();
    }
  }

  /** Slow calls end, and no lease is handed on any more. */
  void end() {
    over = true;
    for (int i = 0; i < CALLS; i++) {
      slow.countDown();
    }
  }

  /** Closes what is still open, when nobody calls any more. */
  void closeAll() {
    leases.forEach(Runnable::run);
    leases.clear();
  }
}
