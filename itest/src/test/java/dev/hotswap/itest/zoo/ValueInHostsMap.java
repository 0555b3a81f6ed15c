package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves an object in a map of the host's. */
public class ValueInHostsMap extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.MAP.put("zoo", new Object() {});
    return null;
  }
}
