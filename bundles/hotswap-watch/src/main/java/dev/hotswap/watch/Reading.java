package dev.hotswap.watch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads a file of the watch folder to its end. A jar is whole where its directory can be read and
 * every entry has the length and the checksum that the directory gives: no beginning of a file, and
 * no mixture of an old and a new one, passes that. Nothing is unpacked.
 */
class Reading {
  private static final int BUFFER = 64 * 1024;

  /** What a jar may unpack to, and a file of settings may have, in bytes; more is refused. */
  private final long largest;

  Reading(long largest) {
    this.largest = largest;
  }

  /**
   * @throws NotWholeException when there is a fault that the rest of the file might mend
   * @throws UnfitException when there is one that it cannot
   * @throws IOException when the file cannot be read
   */
  Content read(Path file) throws IOException, NotWholeException {
    return isJar(file) ? bundle(file) : settings(file);
  }

  static boolean isJar(Path file) {
    return file.getFileName().toString().endsWith(".jar");
  }

  private Content bundle(Path file) throws IOException, NotWholeException {
    String sha256 = digest(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      long left = largest;
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = zip.getEntry(all.nextElement().getName());
        left -= entry.getSize();
        if (left < 0) {
          throw UnfitException.tooLarge("it unpacks to more than " + largest + " bytes");
        }
        requireWhole(zip, entry);
      }
      Map<String, String> headers = headers(zip);
      String name = headers.getOrDefault("Bundle-SymbolicName", "").split(";", 2)[0].trim();
      return new Content.Bundle(sha256, name, headers);
    } catch (ZipException e) {
      throw new NotWholeException(String.valueOf(e.getMessage()));
    }
  }

  /** Unpacks no more than the directory declares. */
  private static void requireWhole(ZipFile zip, ZipEntry entry)
      throws IOException, NotWholeException {
    CRC32 crc = new CRC32();
    long left = entry.getSize();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = zip.getInputStream(entry)) {
      for (int read = in.read(buffer); read >= 0 && left >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
        left -= read;
      }
    } catch (ZipException | EOFException e) {
      throw damaged(entry);
    }
    if (left != 0 || crc.getValue() != entry.getCrc()) {
      throw damaged(entry);
    }
  }

  private static NotWholeException damaged(ZipEntry entry) {
    return new NotWholeException("its entry " + entry.getName() + " is damaged");
  }

  private static Map<String, String> headers(ZipFile zip) throws IOException {
    Map<String, String> headers = new HashMap<>();
    ZipEntry entry = zip.getEntry("META-INF/MANIFEST.MF");
    if (entry != null) {
      try (InputStream in = zip.getInputStream(entry)) {
        manifest(in)
            .getMainAttributes()
            .forEach((name, value) -> headers.put(name.toString(), value.toString()));
      }
    }
    return headers;
  }

  /** Every byte of it has been read before, as every other of the jar. */
  private static Manifest manifest(InputStream in) throws UnfitException {
    try {
      return new Manifest(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new UnfitException(
          "its manifest is malformed: " + e.getMessage(), "Build the bundle anew, then drop it.");
    }
  }

  private Content settings(Path file) throws IOException, NotWholeException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes((int) Math.min(largest, 1 << 20) + 1);
    }
    if (bytes.length > Math.min(largest, 1 << 20)) {
      throw UnfitException.tooLarge("it has more than " + (1 << 20) + " bytes");
    }
    String sha256 = HexFormat.of().formatHex(sha256().digest(bytes));
    String name = file.getFileName().toString();
    String pid = name.substring(0, name.lastIndexOf('.'));
    String text = text(bytes);
    return new Content.Settings(
        sha256, pid, name.endsWith(".json") ? JsonObject.parse(text) : properties(text));
  }

  private static String text(byte[] bytes) throws NotWholeException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NotWholeException("it is no UTF-8 text");
    }
  }

  private static Map<String, Object> properties(String text) throws NotWholeException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) { // a broken escape
      throw new NotWholeException("it cannot be read as properties: " + e.getMessage());
    }
    Map<String, Object> values = new TreeMap<>();
    properties.forEach((key, value) -> values.put(key.toString(), value.toString().trim()));
    return values;
  }

  private static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
