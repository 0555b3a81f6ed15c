package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.concurrent.TimeUnit;

/** Leaves a task with the host's scheduler. */
public class ScheduledTask extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.CLOCK.scheduleAtFixedRate(new Chore(), 1, 1, TimeUnit.DAYS);
    return null;
  }

  private static final class Chore implements Runnable {
    @Override
    public void run() {}
  }
}
