package dev.hotswap.karaf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes the bundles of the test. */
final class Bundles {
  private Bundles() {}

  /** Another release of a plugin: the same code under another version. */
  static void release(Path jar, String version, Path release) throws IOException {
    try (JarFile from = new JarFile(jar.toFile())) {
      Manifest manifest = new Manifest(from.getManifest());
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(release), manifest)) {
        for (JarEntry entry : Collections.list(from.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            to.putNextEntry(new JarEntry(entry.getName()));
            from.getInputStream(entry).transferTo(to);
          }
        }
      }
    }
  }

  /** An activator of the test class path, and the classes inside it. */
  static void activator(Class<?> activator, String imports, Path bundle) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    Map.of(
            "Bundle-ManifestVersion",
            "2",
            "Bundle-SymbolicName",
            activator.getName(),
            "Bundle-Activator",
            activator.getName(),
            "Import-Package",
            imports)
        .forEach(headers::putValue);
    try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(bundle), manifest)) {
      for (String type : new String[] {activator.getName(), activator.getName() + "$1"}) {
        String path = type.replace('.', '/') + ".class";
        to.putNextEntry(new JarEntry(path));
        try (InputStream in = activator.getClassLoader().getResourceAsStream(path)) {
          in.transferTo(to);
        }
      }
    }
  }
}
