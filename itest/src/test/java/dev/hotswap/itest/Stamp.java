package dev.hotswap.itest;

import dev.hotswap.api.Generation;

/**
 * What a service of the storm answers with.
 *
 * @param plugin its name
 * @param number of its generation
 * @param version of its bundle
 */
record Stamp(String plugin, long number, String version) {
  /** Reads {@code greeter@12/1.0.7}. */
  static Stamp of(String text) {
    int at = text.indexOf('@');
    int slash = text.indexOf('/', at);
    return new Stamp(
        text.substring(0, at),
        Long.parseLong(text.substring(at + 1, slash)),
        text.substring(slash + 1));
  }

  static Stamp of(Generation generation) {
    return new Stamp(generation.plugin(), generation.number(), generation.version());
  }

  /** The generation, as {@code Generation.id()} has it. */
  String generation() {
    return plugin + "#" + number;
  }
}
