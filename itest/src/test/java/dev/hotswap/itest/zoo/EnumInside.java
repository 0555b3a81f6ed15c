package dev.hotswap.itest.zoo;

import java.util.EnumMap;

/** Uses an enum map inside only. */
public class EnumInside extends Tame {
  @Override
  public Object act() throws Exception {
    EnumMap<Diet, String> diets = new EnumMap<>(Diet.class);
    diets.put(Diet.PLANTS, "leaves");
    return diets.toString();
  }

  private enum Diet {
    PLANTS
  }
}
