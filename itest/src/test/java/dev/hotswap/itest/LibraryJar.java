package dev.hotswap.itest;

import java.util.ArrayList;
import java.util.List;

/** Writes fixture libraries, and plugins that use them. */
final class LibraryJar {
  private static final String PACKAGES = "dev.hotswap.itest.lib.";

  private LibraryJar() {}

  /** Exports a package of its own name in its bundle's version. */
  static PluginJar library(String name, String version, String... imports) {
    return PluginJar.named(name, version)
        .header("Import-Package", imports("org.osgi.framework", imports))
        .header("Export-Package", PACKAGES + name + ";version=\"" + version + '"')
        .type(type(name));
  }

  /** Answers greetings with what the first of the libraries, or all of them, say. */
  static PluginJar plugin(String name, String version, String... imports) {
    List<String> names = new ArrayList<>();
    for (String wanted : imports) {
      names.add(simple(wanted.split(" ")[0]));
    }
    return PluginJar.named(name, version)
        .activator("LibraryActivator")
        .classes("LibraryActivator$1", "OpenGreeter", "LateLoaded", "PluginException")
        .header("Test-Libraries", String.join(",", names))
        .header(
            "Import-Package", imports("org.osgi.framework,dev.hotswap.itest.contract", imports));
  }

  /** Each as {@code base [1,2)}; without a range any version will do. */
  private static String imports(String always, String... imports) {
    StringBuilder header = new StringBuilder(always);
    for (String wanted : imports) {
      String[] parts = wanted.split(" ");
      header.append(',').append(PACKAGES).append(parts[0]);
      if (parts.length > 1) {
        header.append(";version=\"").append(parts[1]).append('"');
      }
    }
    return header.toString();
  }

  static String type(String name) {
    return PACKAGES + simple(name);
  }

  private static String simple(String name) {
    return name + "." + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
