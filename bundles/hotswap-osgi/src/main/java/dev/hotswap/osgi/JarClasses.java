package dev.hotswap.osgi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** What a jar has that its manifest does not tell. */
final class JarClasses {
  private JarClasses() {}

  /** Whether there are classes of that package in it. */
  static boolean areIn(Path jar, String packageName) {
    String folder = packageName.replace('.', '/') + '/';
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(folder) && name.endsWith(".class"))
          .anyMatch(name -> name.indexOf('/', folder.length()) < 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
