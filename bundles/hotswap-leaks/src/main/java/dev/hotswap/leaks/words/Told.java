package dev.hotswap.leaks.words;

import java.util.List;

/**
 * A path in words.
 *
 * @param holder the root, and who owns it
 * @param steps from there to the class loader
 * @param remedy what to do about it
 */
public record Told(String holder, List<String> steps, String remedy) {
  public Told {
    steps = List.copyOf(steps);
  }
}
