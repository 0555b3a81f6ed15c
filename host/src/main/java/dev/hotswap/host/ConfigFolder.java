package dev.hotswap.host;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.core.Disk;
import dev.hotswap.core.SwapSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads a configuration folder, once, at start: {@code host.properties} (times, the data folder and
 * the watch folder), {@code bundles.properties} (what is shared and deployed) and {@code
 * framework.properties} (for the framework). Paths are relative to the folder. An unknown key stops
 * the start and names the nearest known one; so does an unknown {@code .properties} file.
 */
final class ConfigFolder {
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "min", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS);
  private static final Pattern TIME = Pattern.compile("(\\d+)\\s*(ms|s|min|h)");
  private static final String HOST = "host.properties";
  private static final String BUNDLES = "bundles.properties";
  private static final String FRAMEWORK = "framework.properties";
  private static final List<String> FILES = List.of(HOST, BUNDLES, FRAMEWORK);
  private static final List<String> HOST_KEYS =
      List.of(
          "availability",
          "start.limit",
          "drain.deadline",
          "stop.limit",
          "standby",
          "history",
          "lease.tracking",
          "on.deadline",
          "live.generations",
          "start.attempts",
          "data",
          "watch");
  private static final List<String> BUNDLE_KEYS = List.of("share", "contracts", "base", "plugins");
  private static final List<String> FRAMEWORK_PREFIXES =
      List.of("org.osgi.framework.", "felix.", "ds.");

  private final Path folder;

  private ConfigFolder(Path folder) {
    this.folder = folder;
  }

  static HostConfig read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new HostStartException(
          "there is no configuration folder " + folder + "; nothing was started.");
    }
    ConfigFolder config = new ConfigFolder(folder);
    config.requireKnownFiles();
    Map<String, String> host = config.load(HOST, HOST_KEYS);
    Map<String, String> bundles = config.load(BUNDLES, BUNDLE_KEYS);
    return new HostConfig(
        config.settings(host),
        config.folder(host, "data"),
        Disk.LASTING,
        config.startAttempts(host),
        config.classes(words(bundles.get("share"))),
        words(bundles.get("contracts")),
        config.files(words(bundles.get("base"))),
        config.files(words(bundles.get("plugins"))),
        config.folder(host, "watch"),
        config.felix(host),
        List.of(),
        InstantSource.system());
  }

  private Optional<Path> folder(Map<String, String> host, String key) {
    return Optional.ofNullable(host.get(key))
        .filter(name -> !name.isEmpty()) // empty is not this folder itself
        .map(folder::resolve);
  }

  private SwapSettings settings(Map<String, String> host) {
    SwapSettings ordinary = SwapSettings.DEFAULT;
    try {
      return new SwapSettings(
          time(host, "availability", ordinary.availability()),
          time(host, "start.limit", ordinary.startLimit()),
          time(host, "drain.deadline", ordinary.drainDeadline()),
          time(host, "standby", ordinary.standby()),
          count(host, "history", ordinary.history()),
          yesOrNo(host, "lease.tracking", ordinary.leaseTracking()),
          policy(host, "on.deadline", ordinary.onDeadline()),
          count(host, "live.generations", ordinary.liveGenerations()));
    } catch (IllegalArgumentException e) {
      throw refused(HOST, e.getMessage(), e);
    }
  }

  private int startAttempts(Map<String, String> host) {
    int attempts = count(host, "start.attempts", HostConfig.START_ATTEMPTS);
    try {
      return HostConfig.startAttempts(attempts);
    } catch (IllegalArgumentException e) {
      throw refused(HOST, e.getMessage(), e);
    }
  }

  private FrameworkSettings felix(Map<String, String> host) {
    Map<String, String> own = framework();
    Duration stopLimit = time(host, "stop.limit", FrameworkSettings.STOP_LIMIT);
    try {
      return FrameworkSettings.felix(own, stopLimit);
    } catch (IllegalArgumentException e) {
      throw refused(HOST, e.getMessage(), e);
    }
  }

  private HostStartException refused(String file, String fault, Exception cause) {
    return new HostStartException(
        folder.resolve(file) + ": " + fault + ". Nothing was started.", cause);
  }

  /** A misspelt file would otherwise be a file full of settings that nobody reads. */
  private void requireKnownFiles() {
    for (Path file : matching(folder.resolve("*.properties"))) {
      String name = file.getFileName().toString();
      if (!FILES.contains(name)) {
        throw new HostStartException(
            file
                + " is no file of a configuration folder; did you mean "
                + Nearest.of(name, FILES)
                + "? Nothing was started.");
      }
    }
  }

  private Map<String, String> load(String file, List<String> known) {
    Map<String, String> entries = load(file);
    for (String key : entries.keySet()) {
      if (!known.contains(key)) {
        throw unknown(file, key, Nearest.of(key, known));
      }
    }
    return entries;
  }

  private Map<String, String> framework() {
    Map<String, String> entries = load(FRAMEWORK);
    for (String key : entries.keySet()) {
      if (FRAMEWORK_PREFIXES.stream().noneMatch(key::startsWith)) {
        throw unknown(FRAMEWORK, key, "one that begins with " + FRAMEWORK_PREFIXES);
      }
    }
    return entries;
  }

  private HostStartException unknown(String file, String key, String instead) {
    return new HostStartException(
        folder.resolve(file)
            + ": there is no setting "
            + key
            + "; did you mean "
            + instead
            + "? Nothing was started.");
  }

  private Map<String, String> load(String name) {
    Path file = folder.resolve(name);
    Properties properties = new EachKeyOnce(file);
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new HostStartException(file + " cannot be read: " + e + ". Nothing was started.", e);
      }
    }
    Map<String, String> entries = new TreeMap<>();
    properties.forEach((key, value) -> entries.put(key.toString(), value.toString().trim()));
    return entries;
  }

  private Duration time(Map<String, String> entries, String key, Duration ordinary) {
    String value = entries.get(key);
    if (value == null) {
      return ordinary;
    }
    Matcher matcher = TIME.matcher(value);
    if (!matcher.matches()) {
      throw noTime(key, value, "is no time");
    }
    try {
      Duration time = Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
      time.toNanos(); // what is waited for is counted in these
      return time;
    } catch (ArithmeticException | NumberFormatException e) {
      throw noTime(key, value, "is longer than 292 years");
    }
  }

  private int count(Map<String, String> entries, String key, int ordinary) {
    String value = entries.get(key);
    try {
      return value == null ? ordinary : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw refused(HOST, key + "=" + value + " is no whole number", e);
    }
  }

  private boolean yesOrNo(Map<String, String> entries, String key, boolean ordinary) {
    String value = entries.getOrDefault(key, String.valueOf(ordinary));
    if (!value.equals("true") && !value.equals("false")) {
      throw refused(HOST, key + "=" + value + " is neither true nor false", null);
    }
    return Boolean.parseBoolean(value);
  }

  private DeadlinePolicy policy(Map<String, String> entries, String key, DeadlinePolicy ordinary) {
    String value = entries.getOrDefault(key, ordinary.name().toLowerCase(Locale.ROOT));
    List<String> words = new ArrayList<>();
    for (DeadlinePolicy policy : DeadlinePolicy.values()) {
      words.add(policy.name().toLowerCase(Locale.ROOT));
    }
    if (!words.contains(value)) {
      throw refused(HOST, key + "=" + value + " is none of " + words, null);
    }
    return DeadlinePolicy.values()[words.indexOf(value)];
  }

  private HostStartException noTime(String key, String value, String fault) {
    String words = key + "=" + value + " " + fault + "; write it like 500 ms, 30s, 10min or 1h";
    return refused(HOST, words, null);
  }

  private static List<String> words(String list) {
    return list == null || list.isBlank() ? List.of() : List.of(list.trim().split("\\s*,\\s*"));
  }

  private List<Class<?>> classes(List<String> names) {
    List<Class<?>> classes = new ArrayList<>();
    for (String name : names) {
      try {
        classes.add(Class.forName(name, false, ConfigFolder.class.getClassLoader()));
      } catch (ClassNotFoundException e) {
        throw refused(BUNDLES, "share: there is no class " + name + " on the class path", e);
      }
    }
    return classes;
  }

  /** A name may end in a pattern: {@code lib/*.jar}; its files come in the order of their names. */
  private List<Path> files(List<String> names) {
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      Path path = folder.resolve(name);
      if (name.contains("*")) {
        files.addAll(matching(path));
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static List<Path> matching(Path pattern) {
    List<Path> files = new ArrayList<>();
    Path parent = pattern.getParent();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(parent, pattern.getFileName().toString())) {
      found.forEach(files::add);
    } catch (IOException | DirectoryIteratorException | PatternSyntaxException e) {
      throw new HostStartException(
          "the files " + pattern + " cannot be listed: " + e + ". Nothing was started.", e);
    }
    Collections.sort(files);
    return files;
  }

  /** A key that stands there twice would be the one that somebody reads and does not count. */
  private static final class EachKeyOnce extends Properties {
    private static final long serialVersionUID = 1;

    private final transient Path file;

    EachKeyOnce(Path file) {
      this.file = file;
    }

    @Override
    public synchronized Object put(Object key, Object value) {
      Object before = super.put(key, value);
      if (before != null) {
        throw new HostStartException(
            file + ": the setting " + key + " stands there twice. Nothing was started.");
      }
      return null;
    }
  }
}
