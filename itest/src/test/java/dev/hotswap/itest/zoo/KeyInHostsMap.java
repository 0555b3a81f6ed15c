package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a key in a map of the host's. */
public class KeyInHostsMap extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.MAP.put(new Lair(), "zoo");
    return null;
  }

  private record Lair() {}
}
