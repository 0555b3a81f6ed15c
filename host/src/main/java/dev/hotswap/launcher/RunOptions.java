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
 * @param watch the folder to watch
 * @param shell whether there may be a shell on this terminal
 */
record RunOptions(Optional<Path> data, Optional<Path> config, Optional<Path> watch, boolean shell) {
  private static final RunOptions NONE =
      new RunOptions(Optional.empty(), Optional.empty(), Optional.empty(), true);

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
            case "--data" -> options.withData(folder(name, parts, words));
            case "--config" -> options.withConfig(folder(name, parts, words));
            case "--watch" -> options.withWatch(folder(name, parts, words));
            case "--no-shell" -> options.withoutShell(parts);
            default -> throw new NotUnderstoodException("there is no option '" + name + "'");
          };
    }
    return options;
  }

  private RunOptions withData(Optional<Path> folder) {
    return new RunOptions(folder, config, watch, shell);
  }

  private RunOptions withConfig(Optional<Path> folder) {
    return new RunOptions(data, folder, watch, shell);
  }

  private RunOptions withWatch(Optional<Path> folder) {
    return new RunOptions(data, config, folder, shell);
  }

  private RunOptions withoutShell(String[] parts) {
    if (parts.length == 2) {
      throw new NotUnderstoodException("--no-shell takes no value");
    }
    return new RunOptions(data, config, watch, false);
  }

  private static Optional<Path> folder(String name, String[] parts, Iterator<String> words) {
    if (parts.length == 1 && !words.hasNext()) {
      throw new NotUnderstoodException(name + " needs a value, a folder");
    }
    String value = parts.length == 2 ? parts[1] : words.next();
    if (value.isEmpty() || value.startsWith("--")) {
      throw new NotUnderstoodException(name + " needs a value, a folder, and not '" + value + "'");
    }
    try {
      return Optional.of(Path.of(value).toAbsolutePath().normalize());
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
