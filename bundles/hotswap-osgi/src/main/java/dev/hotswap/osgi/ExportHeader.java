package dev.hotswap.osgi;

import java.util.Optional;
import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.manifest.Parser;

/** What an {@code Export-Package} header says. */
public final class ExportHeader {
  private ExportHeader() {}

  /**
   * The version under which a package is exported.
   *
   * @param header as in a manifest; null where the manifest has none
   * @return empty where the header does not name the package, or names no version
   */
  public static Optional<String> versionOf(String header, String name) {
    if (header == null) {
      return Optional.empty();
    }
    for (Clause clause : Parser.parseHeader(header)) {
      if (clause.getName().equals(name)) {
        return Optional.ofNullable(clause.getAttribute("version"));
      }
    }
    return Optional.empty();
  }
}
