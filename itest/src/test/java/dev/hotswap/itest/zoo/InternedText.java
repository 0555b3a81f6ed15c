package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves interned texts with the host. */
public class InternedText extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.MAP.put(("zoo." + getClass().getName()).intern(), "interned".intern());
    return null;
  }
}
