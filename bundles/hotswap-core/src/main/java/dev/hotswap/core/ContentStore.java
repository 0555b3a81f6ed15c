package dev.hotswap.core;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The bytes of every live generation, as {@code <sha256>.jar}. A file is copied in first and looked
 * at afterwards, so that what was checked is what will run, whatever happens to the original.
 * Thread-safe.
 */
public final class ContentStore {
  private final Path folder;
  private final Map<String, Integer> users = new HashMap<>();

  /**
   * @param folder an existing folder that nobody else writes to
   */
  public ContentStore(Path folder) {
    this.folder = folder;
  }

  /**
   * Copies a file in and verifies it. The caller {@linkplain #release releases} it again.
   *
   * @throws SwapRefusedException when the file cannot be read, is no whole zip archive, or is no
   *     bundle
   */
  Jar take(Path source) {
    Path incoming = null;
    try {
      incoming = Files.createTempFile(folder, "incoming-", ".part");
      String sha256 = copy(source, incoming);
      Jar jar = verify(source, incoming, sha256);
      keep(incoming, jar);
      return jar;
    } catch (IOException e) {
      throw unreadable(source, reason(e));
    } finally {
      discard(incoming);
    }
  }

  /** Says that a generation no longer needs the bytes; the last one's file is deleted. */
  synchronized void release(String sha256) {
    if (users.merge(sha256, -1, Integer::sum) <= 0) {
      users.remove(sha256);
      discard(fileOf(sha256));
    }
  }

  private static String copy(Path source, Path target) throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new IOException(Files.exists(source) ? "it is not a file" : "there is no such file");
    }
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(source);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
      in.transferTo(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private Jar verify(Path source, Path copy, String sha256) throws IOException {
    try (JarFile zip = new JarFile(copy.toFile(), false)) {
      readThrough(zip);
      Attributes headers = headers(source, zip);
      String plugin = firstClause(headers.getValue("Bundle-SymbolicName"));
      if (plugin.isEmpty()) {
        throw notABundle(source, "its manifest has no Bundle-SymbolicName");
      }
      if (headers.getValue("Fragment-Host") != null) {
        throw notABundle(source, "it is a fragment and cannot run by itself");
      }
      String version = Optional.ofNullable(headers.getValue("Bundle-Version")).orElse("0.0.0");
      return new Jar(fileOf(sha256), plugin, version.trim(), sha256);
    }
  }

  /** Reads every entry to its end, which checks its length and CRC. */
  private static void readThrough(JarFile zip) throws IOException {
    for (Enumeration<JarEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
      try (InputStream in = zip.getInputStream(entries.nextElement())) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  private static Attributes headers(Path source, JarFile zip) throws IOException {
    Manifest manifest = zip.getManifest();
    if (manifest == null) {
      throw notABundle(source, "it has no META-INF/MANIFEST.MF");
    }
    return manifest.getMainAttributes();
  }

  private static String firstClause(String header) {
    return header == null ? "" : header.split(";", 2)[0].trim();
  }

  private synchronized void keep(Path incoming, Jar jar) throws IOException {
    if (users.merge(jar.sha256(), 1, Integer::sum) == 1) {
      Files.move(incoming, jar.file(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path fileOf(String sha256) {
    return folder.resolve(sha256 + ".jar");
  }

  private static void discard(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.getLogger(ContentStore.class.getName())
          .log(System.Logger.Level.WARNING, "event=not-deleted file=" + file + " reason=" + e);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    return e instanceof java.util.zip.ZipException
        ? "it is no whole zip archive (" + message + ")"
        : "it cannot be read (" + message + ")";
  }

  private static SwapRefusedException unreadable(Path source, String reason) {
    return new SwapRefusedException(
        new Refusal.UnreadableFile(source.toString(), reason, Optional.empty()));
  }

  private static SwapRefusedException notABundle(Path source, String reason) {
    return new SwapRefusedException(
        new Refusal.NotABundle(source.toString(), reason, Optional.empty()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
