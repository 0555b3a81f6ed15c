package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Has a thread that ends by itself. */
public class EndedThread extends Tame {
  @Override
  public Object act() throws Exception {
    Thread thread = new Thread(() -> Keeper.MAP.put("zoo.ended", "yes"), "zoo-ended");
    thread.start();
    thread.join();
    return null;
  }
}
