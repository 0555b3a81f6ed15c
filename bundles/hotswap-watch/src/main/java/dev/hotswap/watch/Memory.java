package dev.hotswap.watch;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was last acted on, by the names of the files. It is kept in the folder itself, as {@code
 * .hotswap-watch}: a line for each file, with its fate, the SHA-256 of its bytes, what it is about,
 * and its name; written anew and renamed over the old one. Used by one thread.
 */
final class Memory {
  static final String NAME = ".hotswap-watch";
  private static final String FORMAT = "hotswap-watch 1";

  private final Path file;
  private final Map<String, Kept> kept = new TreeMap<>();
  private List<String> written = List.of();

  private Memory(Path file) {
    this.file = file;
  }

  /** What became of the wish that a file is. */
  enum Fate {
    /** It holds: what the file has brought is what is current. */
    TAKEN,
    /** Somebody has wished otherwise since: the file stays, and is not acted on by itself. */
    LEFT
  }

  /**
   * One file.
   *
   * @param subject the plugin, or the identity of the configuration
   */
  record Kept(Fate fate, String sha256, String subject) {
    Kept as(Fate other) {
      return new Kept(other, sha256, subject);
    }
  }

  /** Of a folder; empty where there is none, or it cannot be understood, which is logged. */
  static Memory of(Path folder) {
    Memory memory = new Memory(folder.resolve(NAME));
    if (Files.exists(memory.file)) {
      try {
        memory.load(Files.readAllLines(memory.file));
      } catch (IOException | IllegalArgumentException e) {
        memory.kept.clear();
        Log.warn("event=watch-memory-lost file=" + memory.file + " reason=" + e);
      }
    }
    return memory;
  }

  private void load(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
      throw new IllegalArgumentException("its first line is not " + FORMAT);
    }
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(" ", -1);
      if (words.length != 4) {
        throw new IllegalArgumentException("a line with four words was expected: " + line);
      }
      kept.put(decoded(words[3]), new Kept(Fate.valueOf(words[0]), words[1], decoded(words[2])));
    }
    written = List.copyOf(lines);
  }

  /** Whether it was written to the folder and is still there. */
  boolean isThere() {
    return Files.exists(file);
  }

  Optional<Kept> of(String name) {
    return Optional.ofNullable(kept.get(name));
  }

  Map<String, Kept> all() {
    return Map.copyOf(kept);
  }

  void put(String name, Kept what) {
    kept.put(name, what);
  }

  void forget(String name) {
    kept.remove(name);
  }

  /** Writes down what has changed; what cannot be written is logged, and tried again next time. */
  void save() {
    List<String> lines = new ArrayList<>(List.of(FORMAT));
    kept.forEach(
        (name, what) ->
            lines.add(
                String.join(
                    " ",
                    what.fate().name(),
                    what.sha256(),
                    encoded(what.subject()),
                    encoded(name))));
    if (lines.equals(written) && isThere()) {
      return;
    }
    Path next = file.resolveSibling(NAME + ".new");
    try {
      Files.write(next, lines);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      written = lines;
    } catch (IOException e) {
      if (!lines.equals(written)) {
        Log.warn("event=watch-memory-lost file=" + file + " reason=" + e);
      }
      written = lines;
    }
  }

  private static String encoded(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8);
  }

  private static String decoded(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
