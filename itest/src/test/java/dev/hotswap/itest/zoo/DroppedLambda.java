package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Gives the host a lambda to run once. */
public class DroppedLambda extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.POOL.submit(() -> Keeper.MAP.put("zoo.dropped", "yes")).get();
    return null;
  }
}
