package dev.hotswap.core;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Finds out whether a file is a whole zip archive and a bundle, and which. Thread-safe. */
final class JarCheck {
  /** What a jar may unpack to, in bytes: more is taken for a trap. */
  static final long LARGEST = 1L << 30;

  private static final int BUFFER = 8 * 1024;
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  /** A symbolic name as OSGi Core 8, 1.3.2 has it. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  /** With the number and the ending it has to fit into the 255 bytes that a file name may have. */
  private static final int LONGEST_NAME = 200;

  private final long largest;

  /**
   * @param largest what a jar may unpack to, in bytes
   */
  JarCheck(long largest) {
    this.largest = largest;
  }

  /**
   * Reads the whole file.
   *
   * @param source what it is called in a refusal
   * @param copy the file that is read
   * @param kept where it will lie
   * @param sha256 of its bytes
   * @throws IOException when it cannot be read, or is no whole zip archive
   * @throws SwapRefusedException when it is no bundle
   */
  Jar read(Path source, Path copy, Path kept, String sha256) throws IOException {
    // not a JarFile, which reads the manifest twice more
    try (ZipFile zip = new ZipFile(copy.toFile())) {
      readThrough(zip);
      Attributes headers = headers(source, zip);
      String plugin = firstClause(headers.getValue("Bundle-SymbolicName"));
      requireName(source, plugin);
      return new Jar(kept, plugin, version(headers), sha256, asMap(headers));
    }
  }

  /**
   * Reads every entry to its end and compares its length and CRC, which a {@link ZipFile} gives but
   * does not check.
   */
  private void readThrough(ZipFile zip) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = largest;
    for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
      // of two entries of one name only the one that is found by it is ever read
      ZipEntry entry = zip.getEntry(entries.nextElement().getName());
      requireInside(entry.getName());
      left -= entry.getSize();
      if (left < 0) {
        throw new ZipException("it unpacks to more than " + largest + " bytes");
      }
      requireWhole(zip, entry, buffer);
    }
  }

  /** A framework may unpack an entry to a file of its name. */
  private static void requireInside(String name) throws ZipException {
    boolean out = name.startsWith("/") || name.contains("\\");
    if (out || List.of(name.split("/")).contains("..")) {
      throw new ZipException("its entry " + name + " leads out of it");
    }
  }

  /** Unpacks no more than the entry's length as it is declared. */
  private static void requireWhole(ZipFile zip, ZipEntry entry, byte[] buffer) throws IOException {
    CRC32 crc = new CRC32();
    long left = entry.getSize();
    try (InputStream in = zip.getInputStream(entry)) {
      for (int read = in.read(buffer); read >= 0 && left >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
        left -= read;
      }
    }
    if (left != 0 || crc.getValue() != entry.getCrc()) {
      throw new ZipException("its entry " + entry.getName() + " is damaged");
    }
  }

  private static Attributes headers(Path source, ZipFile zip) throws IOException {
    ZipEntry manifest = zip.getEntry(MANIFEST);
    if (manifest == null) {
      throw notABundle(source, "it has no " + MANIFEST);
    }
    try (InputStream in = zip.getInputStream(manifest)) {
      return new Manifest(in).getMainAttributes();
    }
  }

  /** Files are named after it. */
  private static void requireName(Path source, String plugin) {
    if (plugin.isEmpty()) {
      throw notABundle(source, "its manifest has no Bundle-SymbolicName");
    }
    if (plugin.length() > LONGEST_NAME || !NAME.matcher(plugin).matches()) {
      throw notABundle(
          source,
          "its Bundle-SymbolicName \""
              + plugin
              + "\" is none: that is made of letters, digits, '_' and '-', in parts with a dot"
              + " between them, and has at most "
              + LONGEST_NAME
              + " characters here");
    }
  }

  private static String version(Attributes headers) {
    return Optional.ofNullable(headers.getValue("Bundle-Version"))
        .map(String::trim)
        .filter(version -> !version.isEmpty())
        .orElse("0.0.0");
  }

  private static Map<String, String> asMap(Attributes headers) {
    Map<String, String> map = new HashMap<>();
    headers.forEach((name, value) -> map.put(name.toString(), value.toString()));
    return map;
  }

  private static String firstClause(String header) {
    return header == null ? "" : header.split(";", 2)[0].trim();
  }

  private static SwapRefusedException notABundle(Path source, String reason) {
    return new SwapRefusedException(
        new Refusal.NotABundle(source.toString(), reason, Optional.empty()));
  }
}
