package dev.hotswap.itest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * Writes a jar of jars as Spring Boot's build does: its loader at the top, the application's
 * classes in {@code BOOT-INF/classes}, and the libraries, not compressed, in {@code BOOT-INF/lib}.
 *
 * @see <a href="https://docs.spring.io/spring-boot/specification/executable-jar/">The executable
 *     jar format</a>
 */
final class FatJar {
  private final Path loader;
  private final Class<?> main;
  private final Map<String, byte[]> libraries = new LinkedHashMap<>();

  /**
   * @param loader the jar of Spring Boot's loader
   */
  FatJar(Path loader, Class<?> main) {
    this.loader = loader;
    this.main = main;
  }

  FatJar library(String name, byte[] jar) {
    libraries.put(name, jar);
    return this;
  }

  Path as(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest())) {
      copyLoader(jar);
      for (String folder : List.of("BOOT-INF/", "BOOT-INF/classes/", "BOOT-INF/lib/")) {
        jar.putNextEntry(new JarEntry(folder)); // its loader looks for them
      }
      String type = main.getName().replace('.', '/') + ".class";
      jar.putNextEntry(new JarEntry("BOOT-INF/classes/" + type));
      jar.write(main.getClassLoader().getResourceAsStream(type).readAllBytes());
      for (Map.Entry<String, byte[]> library : libraries.entrySet()) {
        store("BOOT-INF/lib/" + library.getKey(), library.getValue(), jar);
      }
    }
    return file;
  }

  private Manifest manifest() {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
    headers.putValue("Start-Class", main.getName());
    headers.putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
    headers.putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
    return manifest;
  }

  private void copyLoader(JarOutputStream jar) throws IOException {
    try (JarFile from = new JarFile(loader.toFile())) {
      for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().endsWith(".class")) {
          jar.putNextEntry(new JarEntry(entry.getName()));
          jar.write(from.getInputStream(entry).readAllBytes());
        }
      }
    }
  }

  private static void store(String name, byte[] bytes, JarOutputStream jar) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    JarEntry entry = new JarEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    jar.putNextEntry(entry);
    jar.write(bytes);
  }
}
