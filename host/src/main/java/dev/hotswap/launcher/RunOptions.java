package dev.hotswap.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the command line of {@code hotswap run} asks for.
 *
 * @param data where the host keeps its files
 * @param config the configuration folder
 * @param watch the folder to watch, where it names one
 * @param watches whether any folder may be watched
 * @param shell whether there may be a shell on this terminal
 */
record RunOptions(
    Optional<Path> data,
    Optional<Path> config,
    Optional<Path> watch,
    boolean watches,
    boolean shell) {
  /** In place of the folder to watch; a folder of that name is {@code ./none}. */
  static final String NOTHING = "none";

  private static final RunOptions NONE =
      new RunOptions(Optional.empty(), Optional.empty(), Optional.empty(), true, true);

  /**
   * @throws NotUnderstoodException with one sentence for the user
   */
  static RunOptions parse(String... args) {
    RunOptions options = NONE;
    Iterator<String> words = List.of(args).iterator();
    while (words.hasNext()) {
      String[] parts = words.next().split("=", 2);
      String name = parts[0];
      options =
          switch (name) {
            case "--data" -> options.withData(folder(value(name, parts, words)));
            case "--config" -> options.withConfig(folder(value(name, parts, words)));
            case "--watch" -> options.withWatch(value(name, parts, words));
            case "--no-shell" -> options.withoutShell(parts);
            default -> throw new NotUnderstoodException("there is no option '" + name + "'");
          };
    }
    return options;
  }

  private RunOptions withData(Path folder) {
    return new RunOptions(Optional.of(folder), config, watch, watches, shell);
  }

  private RunOptions withConfig(Path folder) {
    return new RunOptions(data, Optional.of(folder), watch, watches, shell);
  }

  private RunOptions withWatch(String value) {
    return value.equals(NOTHING)
        ? new RunOptions(data, config, Optional.empty(), false, shell)
        : new RunOptions(data, config, Optional.of(folder(value)), true, shell);
  }

  private RunOptions withoutShell(String[] parts) {
    if (parts.length == 2) {
      throw new NotUnderstoodException("--no-shell takes no value");
    }
    return new RunOptions(data, config, watch, watches, false);
  }

  private static String value(String name, String[] parts, Iterator<String> words) {
    if (parts.length == 1 && !words.hasNext()) {
      throw new NotUnderstoodException(name + " needs a value, a folder");
    }
    String value = parts.length == 2 ? parts[1] : words.next();
    if (value.isEmpty() || value.startsWith("--")) {
      throw new NotUnderstoodException(name + " needs a value, a folder, and not '" + value + "'");
    }
    return value;
  }

  private static Path folder(String value) {
    try {
      return Path.of(value).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new NotUnderstoodException("'" + value + "' is no path: " + e.getReason());
    }
  }

  /** The command line makes no sense; the message is for the user. */
  static final class NotUnderstoodException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUnderstoodException(String what) {
      super("hotswap run: " + what + "; './hotswap help' lists what there is.");
    }
  }
}
