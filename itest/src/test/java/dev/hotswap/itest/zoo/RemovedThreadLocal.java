package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Removes what it sets. */
public class RemovedThreadLocal extends Tame {
  @Override
  public Object act() throws Exception {
    try {
      Keeper.SCRATCH.set(new Object() {});
    } finally {
      Keeper.SCRATCH.remove();
    }
    return null;
  }
}
