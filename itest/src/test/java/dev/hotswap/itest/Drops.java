package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handles;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.watch.Configurations;
import dev.hotswap.watch.WatchFolder;
import dev.hotswap.watch.WatchOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Drops all sorts of files into the watch folder of a host that is being called, and compares what
 * becomes of them with what may. What is done depends on the seed only; when the watch sees it is
 * up to the machine.
 */
final class Drops implements AutoCloseable {
  private static final int BATCH = 20;
  private static final WatchOptions OPTIONS =
      WatchOptions.DEFAULT
          .withTogether(Duration.ofMillis(5))
          .withQuiet(Duration.ofMillis(20))
          .withPatience(Duration.ofMillis(400))
          .withRescan(Duration.ofMillis(500));

  private final SplittableRandom random;
  private final Path watched;
  private final Path beside;
  private final Host host;
  private final WatchFolder watch;
  private final Set<String> whole = ConcurrentHashMap.newKeySet();
  private final Set<String> versions = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> wrongs = new ConcurrentLinkedQueue<>();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final List<Thread> callers = new ArrayList<>();
  private final Map<Manner, Integer> done = new EnumMap<>(Manner.class);
  private final Map<String, Integer> ends = new TreeMap<>();
  private final byte[] bomb;
  private long serial;

  /** What is done to a file. */
  enum Manner {
    WHOLE,
    WRITTEN_IN_PLACE,
    TRUNCATED,
    GROWING,
    NEVER_FINISHED,
    RENAMED_OVER,
    RENAMED_OVER_BY_RUBBISH,
    DELETED_IN_MID_READ,
    RANDOM_BYTES,
    EMPTY,
    BOMB,
    BOMB_THAT_LIES,
    TRAVERSAL,
    FOLDER,
    LINK,
    WRONG_MANIFEST,
    UNREADABLE,
    MIXTURE,
    SAME_LENGTH_AND_TIME,
    BROKEN_SETTINGS
  }

  /** What a drop must come to. */
  private enum End {
    ACTIVE,
    REFUSED,
    ACTIVE_OR_REFUSED,
    GONE
  }

  /**
   * One drop.
   *
   * @param allowed the digests of what may be current in the end; empty for nothing
   * @param wanted of what must be, where it is active
   */
  private record Expected(
      int slot,
      String name,
      Manner manner,
      End end,
      Set<String> allowed,
      String wanted,
      Runnable last) {}

  Drops(long seed, Path folder) throws IOException {
    random = new SplittableRandom(seed);
    watched = Files.createDirectory(folder.resolve("watch"));
    beside = Files.createDirectory(folder.resolve("beside"));
    bomb = bomb();
    host = Hosts.builder().share(Greeter.class).standby(Duration.ZERO).history(1).open();
    host.swap(anchor());
    host.subscribe(this::on);
    watch = WatchFolder.open(watched, host, OPTIONS, Configurations.NONE);
    for (int i = 0; i < 2; i++) {
      Thread caller = new Thread(this::call, "caller-" + i);
      callers.add(caller);
      caller.start();
    }
  }

  private Path anchor() {
    versions.add("1.0.0");
    return plugin("anchor", "1.0.0").as(beside.resolve("anchor.jar"));
  }

  private void on(SwapEvent event) {
    if (event instanceof SwapEvent.Published published && published.swap() > 1) {
      published
          .to()
          .filter(to -> !whole.contains(to.sha256()))
          .ifPresent(to -> wrongs.add("activated " + to + ", which was never dropped whole"));
    }
  }

  private void call() {
    Handles<Greeter> greeters = host.handles(Greeter.class);
    while (!ended.get()) {
      try {
        List<String> said = greeters.withEach(Greeter::version);
        calls.addAndGet(said.size());
        if (said.isEmpty() || !versions.containsAll(said)) {
          wrongs.add("was answered " + said);
        }
      } catch (RuntimeException e) {
        wrongs.add("a call failed: " + e);
      }
      Thread.yield();
    }
  }

  /** Drops so many files, in batches, each of which is explained before the next. */
  void drop(int count) throws IOException {
    for (int left = count; left > 0; left -= BATCH) {
      forgetReasons();
      List<Expected> batch = new ArrayList<>();
      for (int slot = 0; slot < Math.min(BATCH, left); slot++) {
        batch.add(one(slot));
      }
      batch.forEach(expected -> expected.last().run());
      batch.forEach(this::awaitExplained);
      assertThat(wrongs).isEmpty();
    }
    assertThat(watched.getParent().resolve("evil")).doesNotExist();
  }

  private void forgetReasons() throws IOException {
    Path refused = watched.resolve(".refused");
    if (Files.exists(refused)) {
      try (DirectoryStream<Path> reasons = Files.newDirectoryStream(refused, "*.reason.txt")) {
        for (Path reason : reasons) {
          Files.delete(reason);
        }
      }
    }
  }

  private void awaitExplained(Expected expected) {
    String name = expected.name();
    await("drop " + expected)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(explanation(expected, name)).isPresent());
    ends.merge(explanation(expected, name).orElse("?"), 1, Integer::sum);
    done.merge(expected.manner(), 1, Integer::sum);
  }

  /** What has become of it; empty as long as that is not what it must come to. */
  private Optional<String> explanation(Expected expected, String name) {
    boolean there = Files.exists(watched.resolve(name), LinkOption.NOFOLLOW_LINKS);
    boolean refused = Files.exists(watched.resolve(".refused/" + name + ".reason.txt"));
    String current = current(expected.slot());
    boolean active = there && current.equals(expected.wanted());
    boolean kept = !there && refused && expected.allowed().contains(current);
    boolean gone = !there && expected.allowed().contains(current);
    return switch (expected.end()) {
      case ACTIVE -> active ? Optional.of("active") : Optional.empty();
      case REFUSED -> kept ? Optional.of("refused") : Optional.empty();
      case ACTIVE_OR_REFUSED ->
          active ? Optional.of("active") : kept ? Optional.of("refused") : Optional.empty();
      case GONE -> gone ? Optional.of("gone") : Optional.empty();
    };
  }

  private String current(int slot) {
    return host.snapshot()
        .plugin("p" + slot)
        .flatMap(plugin -> plugin.current())
        .map(Generation::sha256)
        .orElse("");
  }

  private static String name(int slot) {
    return "d" + slot + ".jar";
  }

  private Expected one(int slot) throws IOException {
    Manner manner = Manner.values()[random.nextInt(Manner.values().length)];
    Set<String> allowed = new HashSet<>(Set.of(current(slot)));
    String name = name(slot);
    Path file = watched.resolve(name);
    byte[] bytes = whole(slot);
    String wanted = digest(bytes);
    Runnable last = () -> {};
    End end = End.REFUSED;
    switch (manner) {
      case WHOLE -> end = moved(bytes, slot, End.ACTIVE);
      case WRITTEN_IN_PLACE -> {
        Files.write(file, bytes);
        end = End.ACTIVE;
      }
      case TRUNCATED ->
          moved(Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1)), slot, end);
      case GROWING -> {
        FileChannel growing = begin(file, bytes);
        last = () -> finish(growing, bytes);
        end = End.ACTIVE_OR_REFUSED; // refused where this thread is slower than its patience
      }
      case NEVER_FINISHED -> begin(file, bytes).close();
      case RENAMED_OVER -> {
        allowed.add(wanted);
        moved(bytes, slot, end);
        byte[] next = whole(slot);
        wanted = digest(next);
        end = moved(next, slot, End.ACTIVE);
      }
      case RENAMED_OVER_BY_RUBBISH -> {
        allowed.add(wanted);
        moved(bytes, slot, end);
        moved(rubbish(), slot, end);
      }
      case DELETED_IN_MID_READ -> {
        allowed.add("");
        moved(bytes, slot, end);
        Files.deleteIfExists(file);
        end = End.GONE;
      }
      case RANDOM_BYTES -> moved(rubbish(), slot, end);
      case EMPTY -> moved(new byte[0], slot, end);
      case BOMB -> moved(bomb, slot, end);
      case BOMB_THAT_LIES -> moved(lying(), slot, end);
      case TRAVERSAL ->
          moved(
              plugin("p" + slot, version())
                  .text(random.nextBoolean() ? "../../evil" : "/evil", "x")
                  .bytes(),
              slot,
              end);
      case FOLDER -> {
        Path made = Files.createDirectory(beside.resolve("folder"));
        Files.write(made.resolve("inside.jar"), bytes);
        Files.deleteIfExists(file); // no folder is renamed over a file
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      }
      case LINK -> {
        Files.deleteIfExists(file);
        Path target = Files.write(beside.resolve("target.jar"), bytes);
        List<Path> targets = List.of(target, file, beside.resolve("none"), Path.of("/dev/zero"));
        Files.createSymbolicLink(file, targets.get(random.nextInt(targets.size())));
      }
      case WRONG_MANIFEST -> moved(wrongManifest(slot), slot, end);
      case UNREADABLE -> { // for root it is whole; RoundsTest has the refusal for every user
        end = moved(bytes, slot, "---------", End.ACTIVE);
        if (!mayReadAnything()) {
          end = End.REFUSED;
        }
      }
      case MIXTURE -> {
        byte[] other = whole(slot);
        int length = Math.min(bytes.length, other.length);
        System.arraycopy(other, 0, bytes, 0, length / 2);
        bytes[length / 4] ^= 1; // also where both have the same beginning
        moved(bytes, slot, end);
      }
      case SAME_LENGTH_AND_TIME -> {
        byte[] next = whole(slot);
        int length = Math.max(bytes.length, next.length);
        byte[] first = padded(bytes, length);
        next = padded(next, length);
        allowed.add(digest(first));
        wanted = digest(next);
        moved(first, slot, end);
        Files.write(file, next);
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        end = End.ACTIVE;
      }
      case BROKEN_SETTINGS -> name = brokenSettings(slot);
      default -> throw new IllegalStateException("there is no " + manner);
    }
    return new Expected(slot, name, manner, end, allowed, wanted, last);
  }

  /**
   * Answers the name of the file. Whole ones would make one set of all that is dropped with them.
   */
  private String brokenSettings(int slot) throws IOException {
    String text =
        switch (random.nextInt(7)) {
          case 0 -> "{\"a\": " + "[".repeat(200_000 + random.nextInt(200_000));
          case 1 -> "{\"a\": ".repeat(100_000);
          case 2 -> "{\"a\": [1, \"b\"], \"a\": null}";
          case 3 -> "{\"a\": \"" + "x".repeat(random.nextInt(5_000));
          case 4 -> "{\"a\": 1}" + "\0".repeat(1 + random.nextInt(100));
          case 5 -> "x".repeat((1 << 20) + 1);
          default -> "";
        };
    boolean isJson = random.nextBoolean() || text.startsWith("{");
    byte[] bytes = text.isEmpty() ? noText() : text.getBytes(StandardCharsets.UTF_8);
    String name = "d" + slot + (isJson ? ".json" : ".cfg");
    moved(bytes, name, "rw-r--r--");
    return name;
  }

  private byte[] noText() {
    byte[] bytes = Arrays.copyOf(rubbish(), 30_000);
    bytes[random.nextInt(bytes.length)] = (byte) 0xff; // which is in no text of UTF-8
    return bytes;
  }

  private static boolean mayReadAnything() {
    return System.getProperty("user.name").equals("root");
  }

  private End moved(byte[] bytes, int slot, End end) throws IOException {
    return moved(bytes, slot, "rw-r--r--", end);
  }

  private End moved(byte[] bytes, int slot, String rights, End end) throws IOException {
    moved(bytes, name(slot), rights);
    return end;
  }

  private void moved(byte[] bytes, String name, String rights) throws IOException {
    Path file = watched.resolve(name);
    Path written = beside.resolve(name);
    Files.deleteIfExists(written);
    Files.write(written, bytes);
    Files.setLastModifiedTime(written, FileTime.fromMillis(0));
    Files.setPosixFilePermissions(written, PosixFilePermissions.fromString(rights));
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private FileChannel begin(Path file, byte[] bytes) throws IOException {
    FileChannel growing =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    growing.write(ByteBuffer.wrap(bytes, 0, bytes.length / 2));
    return growing;
  }

  private static void finish(FileChannel growing, byte[] bytes) {
    try (growing) {
      for (int from = bytes.length / 2; from < bytes.length; from += 500) {
        growing.write(ByteBuffer.wrap(bytes, from, Math.min(500, bytes.length - from)));
        Thread.yield();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PluginJar plugin(String name, String version) {
    return PluginJar.named(name, version)
        .activator("GreeterActivator")
        .classes("OpenGreeter", "LateLoaded", "PluginException");
  }

  private String version() {
    return "1." + serial++ + ".0";
  }

  /** A plugin that may become current. */
  private byte[] whole(int slot) {
    return noted(version(), slot, random.nextInt(3_000));
  }

  /** The same archive with a comment at its end, which begins with that. */
  private byte[] padded(byte[] zip, int length) {
    byte[] bytes = Arrays.copyOf(zip, length);
    int comment = length - zip.length;
    bytes[zip.length - 2] = (byte) comment;
    bytes[zip.length - 1] = (byte) (comment >> 8);
    whole.add(digest(bytes));
    return bytes;
  }

  private byte[] noted(String version, int slot, int noise) {
    byte[] bytes = plugin(slot, version, noise).bytes();
    versions.add(version);
    whole.add(digest(bytes));
    return bytes;
  }

  private static PluginJar plugin(int slot, String version, int noise) {
    byte[] content = new byte[noise];
    new SplittableRandom(noise).nextBytes(content);
    return plugin("p" + slot, version).text("noise", HexFormat.of().formatHex(content));
  }

  private byte[] rubbish() {
    byte[] bytes = new byte[random.nextInt(20_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] wrongManifest(int slot) {
    PluginJar jar = plugin("p" + slot, version());
    return switch (random.nextInt(5)) {
      case 0 -> jar.without("Bundle-SymbolicName").bytes();
      case 1 -> jar.header("Bundle-SymbolicName", "../p" + slot).bytes();
      case 2 -> jar.header("Import-Package", "com.acme.nowhere").bytes();
      case 3 -> jar.header("Bundle-Activator", "com.acme.Nobody").bytes();
      default -> jar.header("Bundle-Version", "one.two").bytes();
    };
  }

  /** A gigabyte and more, in a megabyte. */
  private static byte[] bomb() {
    return PluginJar.named("bomb", "1.0.0").zeros("zeros", (1L << 30) + 1).bytes();
  }

  /** As the bomb, but its directory declares a kilobyte. */
  private byte[] lying() {
    byte[] bytes = bomb.clone();
    ByteBuffer zip = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int at = bytes.length - 46; at >= 0; at--) {
      if (zip.getInt(at) == 0x02014b50 && zip.getInt(at + 24) == (1 << 30) + 1) {
        zip.putInt(at + 24, 1024);
        return bytes;
      }
    }
    throw new IllegalStateException("the bomb has no entry of that length");
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was done, and what it came to. */
  String story() {
    return done + " came to " + ends + "; calls=" + calls + " wrong=" + wrongs.size();
  }

  @Override
  public void close() {
    ended.set(true);
    try {
      for (Thread caller : callers) {
        caller.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watch.close();
      host.close();
    }
  }
}
