package dev.hotswap.bench.library;

/** What dependents are wired to. */
public final class Library {
  private Library() {}

  /** The answer that its dependents give. */
  public static Object answer(String version) {
    return version;
  }
}
