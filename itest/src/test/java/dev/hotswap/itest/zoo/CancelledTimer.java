package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.Timer;
import java.util.TimerTask;
import org.osgi.framework.BundleContext;

/** Cancels its timer in stop. */
public class CancelledTimer extends Tame {
  private final Timer timer = new Timer("zoo-cancelled", true);

  @Override
  public Object act() throws Exception {
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {}
        },
        Keeper.day());
    return null;
  }

  @Override
  public void stop(BundleContext context) throws Exception {
    timer.cancel();
  }
}
