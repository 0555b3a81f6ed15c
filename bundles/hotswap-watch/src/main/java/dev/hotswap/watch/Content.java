package dev.hotswap.watch;

import java.util.Map;

/** What a file holds that can be acted on. */
sealed interface Content {
  /** Of the bytes that were read, 64 lower-case hexadecimal digits. */
  String sha256();

  /** What it is about: a plugin, or the identity of a configuration. */
  String subject();

  /**
   * A bundle.
   *
   * @param plugin the bundle symbolic name; empty where the manifest has none
   * @param headers of the manifest
   */
  record Bundle(String sha256, String plugin, Map<String, String> headers) implements Content {
    @Override
    public String subject() {
      return plugin;
    }
  }

  /**
   * A configuration.
   *
   * @param pid its identity, {@code factory~name} for one of a factory
   * @param values strings, numbers, truth values, and arrays of them
   */
  record Settings(String sha256, String pid, Map<String, Object> values) implements Content {
    @Override
    public String subject() {
      return pid;
    }
  }
}
