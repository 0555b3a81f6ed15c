package dev.hotswap.core;

import java.nio.file.Path;
import java.util.Map;

/**
 * A whole, verified bundle file in the content store. Its bytes never change.
 *
 * @param file where it lies
 * @param plugin its Bundle-SymbolicName
 * @param version its Bundle-Version, as the manifest gives it
 * @param sha256 the SHA-256 of its bytes, in hexadecimal
 * @param headers its manifest's main section
 */
public record Jar(
    Path file, String plugin, String version, String sha256, Map<String, String> headers) {
  public Jar {
    headers = Map.copyOf(headers);
  }

  /** The plugin and its version, as messages print it. */
  public String label() {
    return plugin + " " + version;
  }
}
