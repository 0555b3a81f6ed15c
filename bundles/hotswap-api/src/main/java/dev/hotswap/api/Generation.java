package dev.hotswap.api;

import java.util.Objects;

/**
 * One installed version of a plugin. Two generations of one plugin never share a number; the same
 * bundle version with other bytes is another generation.
 *
 * @param plugin the bundle symbolic name
 * @param number rises with each generation of the plugin that is staged, also one that is then
 *     refused; from 1, never reused while the host is open, nor by a host after it on the same data
 *     folder
 * @param version the bundle version, as the manifest gives it
 * @param sha256 the SHA-256 of the bundle's bytes, 64 lower-case hexadecimal digits
 */
public record Generation(String plugin, long number, String version, String sha256) {
  public Generation {
    Objects.requireNonNull(plugin, "plugin");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(sha256, "sha256");
  }

  /**
   * The generation without its plugin's name, as messages print it: {@code generation 7 (2.0.0)}.
   */
  public String label() {
    return "generation " + number + " (" + version + ")";
  }

  /** A name that is unique within one host, for people: {@code greeter#7}. */
  public String id() {
    return plugin + "#" + number;
  }

  @Override
  public String toString() {
    return plugin + " " + label();
  }
}
