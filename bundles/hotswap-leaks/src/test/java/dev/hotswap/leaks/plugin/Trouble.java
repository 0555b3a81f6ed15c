package dev.hotswap.leaks.plugin;

/** An exception of a plugin. */
public final class Trouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Trouble() {
    super("trouble");
  }
}
