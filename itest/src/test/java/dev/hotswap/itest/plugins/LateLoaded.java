package dev.hotswap.itest.plugins;

/** Loaded by the first call that needs it, which may be long after the start of the plugin. */
final class LateLoaded {
  private LateLoaded() {}

  static String suffix(String version) {
    return version + " late";
  }
}
