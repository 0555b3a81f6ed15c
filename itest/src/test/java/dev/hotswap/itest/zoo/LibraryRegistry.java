package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.library.Herbarium;

/** Leaves an object in a static registry of a library bundle. */
public class LibraryRegistry extends Tame {
  @Override
  public Object act() throws Exception {
    Herbarium.PLANTS.put("zoo", new Leaf());
    return null;
  }

  private static final class Leaf {}
}
