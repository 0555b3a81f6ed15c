package dev.hotswap.bench;

import dev.hotswap.bench.plugin.Activator;
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

/** Writes plugin jars of 10 KB, each version with other bytes. */
final class PluginJar {
  private static final String FOLDER = "dev/hotswap/bench/plugin/";
  private static final int FILLING = 7_500; // bytes that do not compress

  private PluginJar() {}

  static Path write(Path folder, String plugin, int version) throws IOException {
    Path jar = folder.resolve(plugin + "-" + version + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest(plugin, version))) {
      for (String name : new String[] {"Activator.class", "VersionedRules.class"}) {
        out.putNextEntry(new JarEntry(FOLDER + name));
        try (InputStream in = Activator.class.getResourceAsStream(name)) {
          in.transferTo(out);
        }
      }
      byte[] filling = new byte[FILLING];
      new Random(version).nextBytes(filling);
      out.putNextEntry(new JarEntry("filling.bin"));
      out.write(filling);
    }
    return jar;
  }

  private static Manifest manifest(String plugin, int version) {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", plugin);
    headers.putValue("Bundle-Version", version + ".0.0");
    headers.putValue("Bundle-Activator", Activator.class.getName());
    headers.putValue("Import-Package", "dev.hotswap.bench.contract,org.osgi.framework");
    return manifest;
  }
}
