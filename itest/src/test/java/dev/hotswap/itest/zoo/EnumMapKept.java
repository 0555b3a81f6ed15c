package dev.hotswap.itest.zoo;

import java.util.EnumMap;

/** Gives its caller a map with keys of its own enum. */
public class EnumMapKept extends Tame {
  @Override
  public Object act() throws Exception {
    return new EnumMap<Diet, String>(Diet.class);
  }

  private enum Diet {
    PLANTS,
    MEAT
  }
}
