package dev.hotswap.host;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.core.Disk;
import dev.hotswap.core.SettingsText;
import dev.hotswap.leaks.HeapDumpWalk;
import dev.hotswap.leaks.JvmLeftovers;
import dev.hotswap.leaks.ThreadPolicy;
import dev.hotswap.leaks.WalkSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;

/**
 * Reads a configuration folder, once, at start: {@code host.properties} (times, the data folder and
 * the watch folder), {@code bundles.properties} (what is shared and deployed), {@code
 * shell.properties} (who else may use the shell) and {@code framework.properties} (for the
 * framework). Paths are relative to the folder. An unknown key stops the start and names the
 * nearest known one; so does an unknown {@code .properties} file.
 */
final class ConfigFolder {
  private static final String HOST = "host.properties";
  private static final String BUNDLES = "bundles.properties";
  private static final String FRAMEWORK = "framework.properties";
  private static final String SHELL = "shell.properties";
  private static final List<String> FILES = List.of(HOST, BUNDLES, FRAMEWORK, SHELL);
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
          "verdict.after",
          "verdict.gc",
          "why",
          "why.folder",
          "why.keep",
          "why.memory",
          "why.time",
          "leftover.threads",
          "start.attempts",
          "data",
          "watch");

  /** For {@code watch}; a folder of that name is {@code ./none}. */
  private static final String NONE = "none";

  private static final List<String> BUNDLE_KEYS = List.of("share", "contracts", "base", "plugins");
  private static final String SSH_PORT = "ssh.port";
  private static final String SSH_KEYS = "ssh.authorized.keys";
  private static final List<String> SHELL_KEYS = List.of(SSH_PORT, "ssh.address", SSH_KEYS);

  /** What the settings of the shell are called as properties of the framework. */
  private static final String SHELL_PREFIX = "hotswap.shell.";

  private static final long MB = 1 << 20;

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
        config.read(host, SettingsText::settings),
        config.folder(host, "data"),
        Disk.LASTING,
        config.read(host, ConfigFolder::startAttempts),
        config.classes(words(bundles.get("share"))),
        words(bundles.get("contracts")),
        config.files(words(bundles.get("base"))),
        Optional.empty(),
        config.files(words(bundles.get("plugins"))),
        config.folder(host, "watch").filter(watch -> !NONE.equals(host.get("watch"))),
        config.felix(host),
        List.of(),
        InstantSource.system(),
        new JvmLeftovers(config.read(host, ConfigFolder::leftoverThreads)),
        config.walk(host));
  }

  /** The data folder may be another one in the end: a builder may begin with this. */
  private Function<Optional<Path>, HeapWalk> walk(Map<String, String> host) {
    WalkSettings settings = read(host, ConfigFolder::walk);
    Optional<Path> folder = folder(host, "why.folder");
    return data ->
        new HeapDumpWalk(
            folder.map(settings::withFolder).orElseGet(() -> HostConfig.in(data, settings)));
  }

  private static WalkSettings walk(SettingsText texts) {
    WalkSettings ordinary = WalkSettings.defaults();
    int memory = texts.count("why.memory", (int) (ordinary.memory() / MB));
    return ordinary
        .withTime(texts.time("why.time", ordinary.time()))
        .withMemory(memory * MB)
        .withKeep(texts.yesOrNo("why.keep", ordinary.keep()));
  }

  private Optional<Path> folder(Map<String, String> host, String key) {
    return Optional.ofNullable(host.get(key))
        .filter(name -> !name.isEmpty()) // empty is not this folder itself
        .map(folder::resolve);
  }

  private static int startAttempts(SettingsText texts) {
    return HostConfig.startAttempts(texts.count("start.attempts", HostConfig.START_ATTEMPTS));
  }

  private static ThreadPolicy leftoverThreads(SettingsText texts) {
    return texts.word("leftover.threads", ThreadPolicy.REPORT);
  }

  private FrameworkSettings felix(Map<String, String> host) {
    Map<String, String> own = framework();
    own.putAll(shell());
    return read(
        host,
        texts ->
            FrameworkSettings.felix(own, texts.time("stop.limit", FrameworkSettings.STOP_LIMIT)));
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

  /** The shell is a bundle, and is told by properties of the framework. */
  private Map<String, String> shell() {
    Map<String, String> entries = load(SHELL, SHELL_KEYS);
    entries.values().removeIf(String::isEmpty);
    String port = entries.get(SSH_PORT);
    if (port != null && !port.matches("[1-9][0-9]{0,4}")) {
      throw refused(SHELL, SSH_PORT + " is '" + port + "'; it must be a port, 1 to 65535", null);
    }
    if (port != null && !entries.containsKey(SSH_KEYS)) {
      throw refused(
          SHELL, SSH_PORT + " is set without " + SSH_KEYS + ": nobody could come in", null);
    }
    entries.computeIfPresent(SSH_KEYS, (key, file) -> folder.resolve(file).toString());
    Map<String, String> properties = new TreeMap<>();
    entries.forEach((key, value) -> properties.put(SHELL_PREFIX + key, value));
    return properties;
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

  /** What is written there, read as what it should be. */
  private <T> T read(Map<String, String> host, Function<SettingsText, T> setting) {
    try {
      return setting.apply(new SettingsText(host::get));
    } catch (IllegalArgumentException e) {
      throw refused(HOST, e.getMessage(), e);
    }
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
