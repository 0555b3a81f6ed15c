package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Has a Gson object that the host keeps write a bean of its own class. */
public class GsonTypes extends Tame {
  @Override
  public Object act() throws Exception {
    Object gson = Keeper.MAP.computeIfAbsent("gson", key -> made("com.google.gson.Gson"));
    gson.getClass().getMethod("toJson", Object.class).invoke(gson, new Bean());
    return null;
  }

  private static Object made(String type) {
    try {
      return Class.forName(type).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A bean. */
  public static final class Bean {
    final String name = "zoo";
  }
}
