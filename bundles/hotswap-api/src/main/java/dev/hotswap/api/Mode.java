package dev.hotswap.api;

/** How a swap brings new generations up while old ones run. */
public enum Mode {
  /**
   * The new one runs beside the old one before it takes over: nobody waits, but where state is
   * handed over.
   */
  SIDE_BY_SIDE("side by side"),
  /** The old one has ended before the new one starts; calls are held meanwhile. */
  ONE_AFTER_THE_OTHER("one after the other");

  private final String words;

  Mode(String words) {
    this.words = words;
  }

  /** As it is printed. */
  public String words() {
    return words;
  }
}
