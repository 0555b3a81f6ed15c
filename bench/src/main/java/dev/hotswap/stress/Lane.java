package dev.hotswap.stress;

import dev.hotswap.core.World;

/** Says in which lane callers of a JVM with these options pin. */
public final class Lane {
  private Lane() {}

  public static void main(String... args) {
    System.out.println(World.lane());
  }
}
