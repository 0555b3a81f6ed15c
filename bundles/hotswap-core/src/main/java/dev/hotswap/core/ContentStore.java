package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * The bytes of every live generation, and of all that the journal names, as {@code <sha256>.jar};
 * and for each live generation a hard link to them under a name of its own, {@code
 * live/<plugin>@<number>.jar}. A file is copied in first and looked at afterwards, so that what was
 * checked is what will run, whatever happens to the original. What the journal names is never
 * deleted; what nobody needs is. Thread-safe.
 */
public final class ContentStore {
  private static final int BUFFER = 64 * 1024;

  private static final String ENDING = ".jar";

  private final Path folder;
  private final Path live;
  private final Disk disk;
  private final Journal journal;
  private final JarCheck check;
  private final AtomicLong copies = new AtomicLong();
  private final Map<String, Integer> users = new HashMap<>();
  private final Map<String, Jar> verified = new HashMap<>(); // as long as the file is there
  private final Set<String> lasting = new HashSet<>();
  private final Set<Path> lent = new HashSet<>(); // run from, for want of a link

  /**
   * One whose bytes end with the process.
   *
   * @param folder an existing folder that nobody else writes to
   * @throws UncheckedIOException when it cannot be written to
   */
  public ContentStore(Path folder) {
    this(folder, Disk.PASSING, Journal.passing());
  }

  /**
   * Opens a store, and deletes everything in it that the journal does not name.
   *
   * @param folder an existing folder that nobody else writes to
   * @param journal says what is to be kept
   * @throws UncheckedIOException when it cannot be written to
   */
  public ContentStore(Path folder, Disk disk, Journal journal) {
    this(folder, disk, journal, JarCheck.LARGEST);
  }

  /**
   * @param largest what a jar may unpack to, in bytes
   */
  ContentStore(Path folder, Disk disk, Journal journal, long largest) {
    this.folder = folder;
    this.check = new JarCheck(largest);
    this.live = folder.resolve("live");
    this.disk = disk;
    this.journal = journal;
    try {
      Files.createDirectories(live);
      discardAll(live, name -> false);
      discardAll(folder, journal.state().named()::contains); // just as its file was read
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes all that the journal does not name, also where it is behind and its file is read as it
   * is; nothing of it is in use any more.
   *
   * @throws IOException when the store cannot be read
   */
  public void discardUnnamed() throws IOException {
    discardAll(live, name -> false);
    discardAll(folder, journal.naming());
  }

  private void discardAll(Path in, Predicate<String> isNamed) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith(ENDING)
            || !isNamed.test(name.substring(0, name.length() - ENDING.length()))) {
          discard(file);
        }
      }
    } catch (UncheckedIOException e) { // the folder cannot be read to its end
      throw e.getCause();
    }
  }

  /** What should run. */
  Journal journal() {
    return journal;
  }

  /**
   * Copies a file in and verifies it. The caller {@linkplain #release releases} it again.
   *
   * @throws SwapRefusedException when the file cannot be read, is no whole zip archive, is no
   *     bundle, or cannot be kept
   */
  Jar take(Path source) {
    try {
      return copyAndVerify(source);
    } catch (NotKeptException e) {
      throw notKept(source, e.getCause());
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /** One more needs the bytes; answers false where nobody did any more, and they are gone. */
  synchronized boolean tryRetain(Jar jar) {
    boolean there = verified.containsKey(jar.sha256());
    if (there) {
      users.merge(jar.sha256(), 1, Integer::sum);
    }
    return there;
  }

  /** Says that a generation no longer needs the bytes; the last one's file is deleted. */
  synchronized void release(String sha256) {
    if (users.merge(sha256, -1, Integer::sum) <= 0) {
      users.remove(sha256);
      sweep(sha256);
    }
  }

  /** Deletes the bytes, if neither a generation nor the journal needs them. */
  synchronized void sweep(String sha256) {
    if (!users.containsKey(sha256) && !journal.names(sha256)) {
      verified.remove(sha256);
      lasting.remove(sha256);
      discard(fileOf(sha256));
    }
  }

  /**
   * The bytes with that digest. Those that have been here since before this process are verified;
   * where they are not what they should be, that is logged, and they count as gone.
   */
  synchronized Optional<Jar> find(String sha256) {
    Jar known = verified.get(sha256);
    if (known != null) {
      return Optional.of(known);
    }
    Path file = fileOf(sha256);
    try {
      if (!digest(file).equals(sha256)) {
        throw new IOException("its bytes are not those of its name");
      }
      Jar jar = check.read(file, file, file, sha256);
      verified.put(sha256, jar);
      lasting.add(sha256);
      return Optional.of(jar);
    } catch (IOException | SwapRefusedException e) {
      System.getLogger(ContentStore.class.getName())
          .log(System.Logger.Level.ERROR, "event=bytes-gone file=" + file + " reason=" + e);
      return Optional.empty();
    }
  }

  /**
   * Returns when the bytes are there after a crash.
   *
   * @throws IOException when that is not certain
   */
  void force(Collection<String> digests) throws IOException {
    Map<String, Jar> passing = new HashMap<>();
    synchronized (this) {
      for (String sha256 : digests) {
        if (!lasting.contains(sha256)) { // else as of what was staged before
          passing.put(sha256, verified.get(sha256));
        }
      }
    }
    if (passing.isEmpty()) {
      return;
    }
    for (String sha256 : passing.keySet()) {
      disk.force(fileOf(sha256));
    }
    disk.force(folder);
    synchronized (this) {
      passing.forEach(this::lasts);
    }
  }

  /** Not what has left meanwhile, nor what has come in its place. */
  private void lasts(String sha256, Jar forced) {
    if (forced != null && verified.get(sha256) == forced) {
      lasting.add(sha256);
    }
  }

  /**
   * The bytes under a name of the generation's own: a framework takes two bundles of one file for
   * the same. Where the disk takes no more names, the store's file itself, to one generation at a
   * time: what is kept must come up on a full disk too.
   *
   * @throws SwapRefusedException when the name cannot be made, and the file is lent already
   */
  Path link(Jar jar, Generation generation) {
    Path link = linkOf(generation);
    try {
      disk.link(jar.file(), link);
      return link;
    } catch (IOException e) {
      return lend(jar, e);
    }
  }

  private synchronized Path lend(Jar jar, IOException reason) {
    if (!lent.add(jar.file())) {
      throw notKept(jar.file(), reason);
    }
    System.getLogger(ContentStore.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "event=not-linked file=" + jar.file() + " reason=" + reason);
    return jar.file();
  }

  void unlink(Path link) {
    if (link != null && !takeBack(link)) { // null: it was never made
      discard(link);
    }
  }

  private synchronized boolean takeBack(Path file) {
    return lent.remove(file);
  }

  private Path linkOf(Generation generation) {
    return live.resolve(generation.plugin() + "@" + generation.number() + ".jar");
  }

  private Jar copyAndVerify(Path source) throws IOException {
    Path incoming = folder.resolve("incoming-" + copies.incrementAndGet() + ".part");
    boolean kept = false;
    try {
      String sha256 = copy(source, incoming);
      Jar jar = check.read(source, incoming, fileOf(sha256), sha256);
      kept = keep(incoming, jar);
      return jar;
    } finally {
      if (!kept) {
        discard(incoming);
      }
    }
  }

  private String copy(Path source, Path target) throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new IOException(Files.exists(source) ? "it is not a file" : "there is no such file");
    }
    try (InputStream in = Files.newInputStream(source);
        OutputStream out = new Target(disk, target)) {
      return digest(in, Files.size(source), out);
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return digest(in, Files.size(file), OutputStream.nullOutputStream());
    }
  }

  private static String digest(InputStream in, long size, OutputStream out) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[(int) Math.min(BUFFER, size + 1)];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
      out.write(buffer, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Answers whether the copy became the file of these bytes, which may be there already. */
  private synchronized boolean keep(Path incoming, Jar jar) throws IOException {
    boolean first = !verified.containsKey(jar.sha256());
    if (first) {
      rename(incoming, jar.file());
      verified.put(jar.sha256(), jar);
    }
    users.merge(jar.sha256(), 1, Integer::sum);
    return first;
  }

  private void rename(Path from, Path to) throws NotKeptException {
    try {
      disk.rename(from, to);
    } catch (IOException e) {
      throw new NotKeptException(e);
    }
  }

  private Path fileOf(String sha256) {
    return folder.resolve(sha256 + ENDING);
  }

  private void discard(Path file) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      System.getLogger(ContentStore.class.getName())
          .log(System.Logger.Level.WARNING, "event=not-deleted file=" + file + " reason=" + e);
    }
  }

  private static SwapRefusedException unreadable(Path source, IOException e) {
    String words = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
    String file = source.toString();
    return new SwapRefusedException(
        e instanceof ZipException
            ? Refusal.UnreadableFile.damaged(file, "it is no whole zip archive" + words)
            : Refusal.UnreadableFile.unreachable(file, "it cannot be read" + words));
  }

  private static SwapRefusedException notKept(Path source, IOException e) {
    String reason = "its bytes cannot be kept (" + e + ")";
    return new SwapRefusedException(
        new Refusal.NotRecorded(source.toString(), reason, Optional.empty()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** It is not the file to be read that fails, but the store. */
  private static final class NotKeptException extends IOException {
    private static final long serialVersionUID = 1L;

    NotKeptException(IOException cause) {
      super(cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) super.getCause();
    }
  }

  /** A file of the store that is written. */
  private static final class Target extends OutputStream {
    private final OutputStream file;

    Target(Disk disk, Path path) throws NotKeptException {
      try {
        file = disk.create(path);
      } catch (IOException e) {
        throw new NotKeptException(e);
      }
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        file.write(bytes, from, length);
      } catch (IOException e) {
        throw new NotKeptException(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        file.close();
      } catch (IOException e) {
        throw new NotKeptException(e);
      }
    }
  }
}
