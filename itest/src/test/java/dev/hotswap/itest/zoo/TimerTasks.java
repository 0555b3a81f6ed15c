package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.Timer;
import java.util.TimerTask;

/** Leaves a timer running. */
public class TimerTasks extends Tame {
  @Override
  public Object act() throws Exception {
    new Timer("zoo-timer", true).schedule(new Hunt(), Keeper.day());
    return null;
  }

  private static final class Hunt extends TimerTask {
    @Override
    public void run() {}
  }
}
