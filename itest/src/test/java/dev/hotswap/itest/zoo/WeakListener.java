package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.lang.ref.WeakReference;

/** Has the host listen by a weak reference. */
public class WeakListener extends Tame {
  private final Object ear = new Object() {};

  @Override
  public Object act() throws Exception {
    Keeper.WEAK_LISTENERS.add(new WeakReference<>(ear));
    return null;
  }
}
