package dev.hotswap.itest.zoo;

import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Leaves a pool whose thread factory is its own. */
public class OwnPool extends Tame {
  @Override
  public Object act() throws Exception {
    Executors.newFixedThreadPool(1, new Herd()).submit(() -> {}).get();
    return null;
  }

  private static final class Herd implements ThreadFactory {
    @Override
    public Thread newThread(Runnable task) {
      Thread thread = new Thread(task, "zoo-herd");
      thread.setDaemon(true);
      return thread;
    }
  }
}
