package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.lang.reflect.Method;

/** Parks a virtual thread, where there are any. */
public class VirtualThread extends Tame {
  @Override
  public Object act() throws Exception {
    Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    start.invoke(null, (Runnable) VirtualThread::perch);
    return null;
  }

  private static void perch() {
    Keeper.awaitClosed();
  }
}
