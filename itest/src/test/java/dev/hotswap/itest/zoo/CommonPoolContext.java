package dev.hotswap.itest.zoo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;

/** Leaves its class loader to a worker of the common pool. */
public class CommonPoolContext extends Tame {
  @Override
  public Object act() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    ForkJoinPool.commonPool().execute(() -> work(done));
    done.await();
    return null;
  }

  private static void work(CountDownLatch done) {
    Thread.currentThread().setContextClassLoader(CommonPoolContext.class.getClassLoader());
    done.countDown();
  }
}
