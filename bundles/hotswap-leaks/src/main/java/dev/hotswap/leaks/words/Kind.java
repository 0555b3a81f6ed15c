package dev.hotswap.leaks.words;

import java.util.List;

/**
 * A kind of leak: by what it is told from others, and what is to be done about it.
 *
 * @param says what the developer calls it; empty where the steps say enough
 * @param remedy a sentence, in which {@code {plugin}} stands for the plugin's class on the path
 * @param signs fields as {@code java.lang.Thread.threadLocals}, or classes; one of them on the path
 *     is enough. With a star at its end it is a beginning
 */
record Kind(String says, String remedy, List<String> signs) {
  Kind(String says, String remedy, String... signs) {
    this(says, remedy, List.of(signs));
  }

  boolean fits(List<String> path) {
    return signs.stream().anyMatch(sign -> path.stream().anyMatch(step -> fits(sign, step)));
  }

  private static boolean fits(String sign, String step) {
    return sign.endsWith("*")
        ? step.startsWith(sign.substring(0, sign.length() - 1))
        : step.equals(sign);
  }
}
