package dev.hotswap.itest.zoo;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Leaves a scheduler with a task of its own. */
public class OwnScheduler extends Tame {
  @Override
  public Object act() throws Exception {
    ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    scheduler.scheduleAtFixedRate(new Feeding(), 1, 1, TimeUnit.DAYS);
    return null;
  }

  private static final class Feeding implements Runnable {
    @Override
    public void run() {}
  }
}
