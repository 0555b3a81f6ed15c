package dev.hotswap.leaks.plugin;

/** Something of a plugin that is left somewhere. */
public final class Ctx {
  private final String name = "ctx";

  @Override
  public String toString() {
    return name;
  }
}
