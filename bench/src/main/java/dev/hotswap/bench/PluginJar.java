package dev.hotswap.bench;

import dev.hotswap.bench.dependent.DependentActivator;
import dev.hotswap.bench.plugin.Activator;
import dev.hotswap.bench.state.StateActivator;
import dev.hotswap.bench.warm.WarmActivator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes bundles of 10 KB, each version with other bytes. */
final class PluginJar {
  private static final String FOLDER = "dev/hotswap/bench/";
  private static final int FILLING = 7_500; // bytes that do not compress

  private PluginJar() {}

  /** A plugin that needs nothing but the contract. */
  static Path write(Path folder, String plugin, int version) throws IOException {
    Manifest manifest = manifest(plugin, version, "dev.hotswap.bench.contract,org.osgi.framework");
    put(manifest, "Bundle-Activator", Activator.class.getName());
    return write(
        folder, manifest, version, "plugin/Activator.class", "plugin/VersionedRules.class");
  }

  /** As {@link #write(Path, String, int)}, and it offers a warm-up. */
  static Path warm(Path folder, String plugin, int version) throws IOException {
    Manifest manifest =
        manifest(plugin, version, "dev.hotswap.api,dev.hotswap.bench.contract,org.osgi.framework");
    put(manifest, "Bundle-Activator", WarmActivator.class.getName());
    return write(folder, manifest, version, "warm/WarmActivator.class", "warm/WarmRules.class");
  }

  /** As {@link #write(Path, String, int)}, and it has something to itself. */
  static Path exclusive(Path folder, String plugin, int version) throws IOException {
    Manifest manifest = manifest(plugin, version, "dev.hotswap.bench.contract,org.osgi.framework");
    put(manifest, "Bundle-Activator", Activator.class.getName());
    put(manifest, "Provide-Capability", "dev.hotswap.exclusive;resource=\"a port\"");
    return write(
        folder, manifest, version, "plugin/Activator.class", "plugin/VersionedRules.class");
  }

  /** As {@link #write(Path, String, int)}, and the framework allows it once. */
  static Path singleton(Path folder, String plugin, int version) throws IOException {
    Manifest manifest = manifest(plugin, version, "dev.hotswap.bench.contract,org.osgi.framework");
    put(manifest, "Bundle-SymbolicName", plugin + ";singleton:=true");
    put(manifest, "Bundle-Activator", Activator.class.getName());
    return write(
        folder, manifest, version, "plugin/Activator.class", "plugin/VersionedRules.class");
  }

  /** As {@link #write(Path, String, int)}, and it keeps state. */
  static Path keepingState(Path folder, String plugin, int version) throws IOException {
    Manifest manifest =
        manifest(plugin, version, "dev.hotswap.api,dev.hotswap.bench.contract,org.osgi.framework");
    put(manifest, "Bundle-Activator", StateActivator.class.getName());
    put(manifest, "Provide-Capability", "dev.hotswap.state");
    return write(folder, manifest, version, "state/StateActivator.class", "state/KeptRules.class");
  }

  /** A library. */
  static Path library(Path folder, String name, int version) throws IOException {
    Manifest manifest = manifest(name, version, "org.osgi.framework");
    put(manifest, "Export-Package", "dev.hotswap.bench.library;version=" + version);
    return write(folder, manifest, version, "library/Library.class");
  }

  /** A plugin that is wired to the library, whichever version. */
  static Path dependent(Path folder, String plugin) throws IOException {
    Manifest manifest =
        manifest(
            plugin, 1, "dev.hotswap.bench.contract,dev.hotswap.bench.library,org.osgi.framework");
    put(manifest, "Bundle-Activator", DependentActivator.class.getName());
    return write(
        folder,
        manifest,
        plugin.hashCode(),
        "dependent/DependentActivator.class",
        "dependent/DependentRules.class");
  }

  private static Path write(Path folder, Manifest manifest, int seed, String... classes)
      throws IOException {
    Attributes headers = manifest.getMainAttributes();
    String name =
        headers.getValue("Bundle-SymbolicName").split(";")[0]
            + "-"
            + headers.getValue("Bundle-Version");
    Path jar = folder.resolve(name + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (String type : classes) {
        out.putNextEntry(new JarEntry(FOLDER + type));
        try (InputStream in = PluginJar.class.getResourceAsStream(type)) {
          in.transferTo(out);
        }
      }
      byte[] filling = new byte[FILLING];
      new Random(seed).nextBytes(filling);
      out.putNextEntry(new JarEntry("filling.bin"));
      out.write(filling);
    }
    return jar;
  }

  private static Manifest manifest(String name, int version, String imports) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    put(manifest, "Bundle-ManifestVersion", "2");
    put(manifest, "Bundle-SymbolicName", name);
    put(manifest, "Bundle-Version", version + ".0.0");
    put(manifest, "Import-Package", imports);
    return manifest;
  }

  private static void put(Manifest manifest, String header, String value) {
    manifest.getMainAttributes().putValue(header, value);
  }
}
