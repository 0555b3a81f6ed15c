package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves an entry in a Caffeine cache that the host keeps. */
public class CaffeineEntry extends Tame {
  @Override
  public Object act() throws Exception {
    Class<?> type = Class.forName("com.github.benmanes.caffeine.cache.Caffeine");
    Object builder = type.getMethod("newBuilder").invoke(null);
    Object cache = type.getMethod("build").invoke(builder);
    Keeper.MAP.put("caffeine", cache);
    Class.forName("com.github.benmanes.caffeine.cache.Cache")
        .getMethod("put", Object.class, Object.class)
        .invoke(cache, "zoo", new Bean());
    return null;
  }

  private static final class Bean {}
}
