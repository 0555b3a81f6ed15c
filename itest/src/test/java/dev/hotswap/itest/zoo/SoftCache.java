package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.lang.ref.SoftReference;

/** Leaves an object in a soft cache of the host's: no leak. */
public class SoftCache extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.SOFT.put("zoo", new SoftReference<>(new Object() {}));
    return null;
  }
}
