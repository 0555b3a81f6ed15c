package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a property listener with the host. */
public class PropertyListener extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.EVENTS.addPropertyChangeListener(event -> {});
    return null;
  }
}
