package dev.hotswap.osgi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes the fixture bundles. */
final class FixtureJar {
  private static final String CONTRACT = "dev.hotswap.osgi.contract;version=\"[1,2)\"";
  private static final String LIBRARY = "dev.hotswap.osgi.library";

  private final Manifest manifest = new Manifest();
  private final String name;
  private final String[] classes;

  private FixtureJar(String name, String version, String... classes) {
    this.name = name + "-" + version + ".jar";
    this.classes = classes;
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    header("Bundle-ManifestVersion", "2");
    header("Bundle-SymbolicName", name);
    header("Bundle-Version", version);
  }

  /** A plugin that needs nothing but the contract. */
  static FixtureJar greeter(String version) {
    return new FixtureJar("greeter", version, "plugin/GreetingActivator", "plugin/Greeting")
        .header("Bundle-Activator", "dev.hotswap.osgi.plugin.GreetingActivator")
        .header("Import-Package", "org.osgi.framework," + CONTRACT);
  }

  /** The same, wired to the library. */
  static FixtureJar speaker(String version) {
    return greeter(version)
        .header("Import-Package", "org.osgi.framework," + LIBRARY + "," + CONTRACT);
  }

  static FixtureJar library(String version) {
    return new FixtureJar("library", version, "library/Phrase")
        .header("Import-Package", "org.osgi.framework")
        .header("Export-Package", LIBRARY + ";version=\"1.0.0\"");
  }

  /** The contract, in a bundle of its own. */
  static FixtureJar contract() {
    return new FixtureJar("contract", "1.0.0", "contract/Greeter")
        .header("Export-Package", "dev.hotswap.osgi.contract;version=\"1.0.0\"");
  }

  /** A bundle without code. */
  static FixtureJar onlooker() {
    return new FixtureJar("onlooker", "1.0.0");
  }

  FixtureJar header(String key, String value) {
    manifest.getMainAttributes().putValue(key, value);
    return this;
  }

  Path in(Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (String type : classes) {
        String path = "dev/hotswap/osgi/" + type + ".class";
        jar.putNextEntry(new JarEntry(path));
        try (InputStream in = FixtureJar.class.getClassLoader().getResourceAsStream(path)) {
          in.transferTo(jar);
        }
      }
    }
    return file;
  }
}
