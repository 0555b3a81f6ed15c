package dev.hotswap.itest.zoo;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;

/** Shuts its pool down in stop. */
public class EndedPool extends Tame {
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  @Override
  public Object act() throws Exception {
    pool.submit(() -> {}).get();
    return null;
  }

  @Override
  public void stop(BundleContext context) throws Exception {
    pool.shutdownNow();
    pool.awaitTermination(10, TimeUnit.SECONDS);
  }
}
