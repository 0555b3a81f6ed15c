package dev.hotswap.examples.app;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param help only the usage
 * @param length how long to swap
 * @param live whether the output can rewrite a line in place
 * @param stdin the first jar, when the next ones come from standard input
 */
record Options(boolean help, Duration length, boolean live, Optional<Path> stdin) {
  private static final int SHORTEST = 2;
  private static final int LONGEST = 86_400;
  private static final Options DEFAULT =
      new Options(false, Duration.ofSeconds(10), false, Optional.empty());

  /**
   * @throws NotUnderstoodException with one sentence for the user
   */
  static Options parse(String... args) {
    Options options = DEFAULT;
    Iterator<String> words = List.of(args).iterator();
    while (words.hasNext()) {
      String word = words.next();
      options =
          switch (word) {
            case "-h", "--help" -> new Options(true, options.length, options.live, options.stdin);
            case "--live" -> new Options(options.help, options.length, true, options.stdin);
            case "--seconds" -> options.lasting(seconds(argument(word, words)));
            case "--stdin" -> options.startingWith(path(argument(word, words)));
            default -> throw notUnderstood("unknown option '" + word + "'");
          };
    }
    return options;
  }

  private Options lasting(Duration length) {
    return new Options(help, length, live, stdin);
  }

  private Options startingWith(Path jar) {
    return new Options(help, length, live, Optional.of(jar));
  }

  private static String argument(String option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw notUnderstood(option + " needs a value");
    }
    return words.next();
  }

  private static Duration seconds(String text) {
    if (text.matches("[0-9]{1,5}")) {
      int seconds = Integer.parseInt(text);
      if (seconds >= SHORTEST && seconds <= LONGEST) {
        return Duration.ofSeconds(seconds);
      }
    }
    throw notUnderstood(
        "--seconds takes a whole number from "
            + SHORTEST
            + " to "
            + LONGEST
            + ", not '"
            + text
            + "'");
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw notUnderstood("'" + text + "' is no path: " + e.getReason());
    }
  }

  private static NotUnderstoodException notUnderstood(String what) {
    return new NotUnderstoodException(
        "hotswap demo: " + what + "; './hotswap help' lists what there is.");
  }

  /** The command line makes no sense; the message is for the user. */
  static final class NotUnderstoodException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUnderstoodException(String message) {
      super(message);
    }
  }
}
