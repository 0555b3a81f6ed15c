package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How the entries of a journal are written, and read again. */
final class EntryWords {
  /** Before who asked. */
  private static final String BY = "by";

  private EntryWords() {}

  /**
   * The entry of these words.
   *
   * @throws IllegalArgumentException when there is no such entry
   */
  static Entry parse(List<String> words) {
    int by = words.indexOf(BY);
    Optional<Asked> asked = by < 0 ? Optional.empty() : Optional.of(asked(words.get(by + 1)));
    List<String> rest = words.subList(1, by < 0 ? words.size() : by);
    return switch (words.get(0)) {
      case "swapped" -> new Entry.Swapped(past(rest), asked);
      case "past" -> new Entry.Past(past(rest));
      case "undone" -> undone(rest, asked);
      case "wished" -> new Entry.Wished(asked.orElseThrow(EntryWords::nobody), generations(rest));
      case "current" -> new Entry.Current(generations(rest));
      case "gone" -> new Entry.Gone(generation(rest.get(0)));
      case "numbers" -> new Entry.Numbers(rest.get(0), Long.parseLong(rest.get(1)));
      case "starting" -> starting(rest);
      case "seen" -> new Entry.Seen(rest.get(0), rest.get(1));
      case "offered" -> new Entry.Offered(rest.get(0), rest.get(1));
      default -> throw new IllegalArgumentException("there is no entry " + words.get(0));
    };
  }

  private static Entry starting(List<String> words) {
    int ended = words.indexOf("ended");
    return new Entry.Starting(
        generations(words.subList(0, ended)), generations(words.subList(ended + 1, words.size())));
  }

  private static Entry undone(List<String> words, Optional<Asked> asked) {
    int back = words.indexOf("back");
    int gone = words.indexOf("gone");
    List<Pasts.Past> pasts = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    for (String word : words.subList(1, back)) { // the first one is "swap"
      if (word.equals("swap")) {
        pasts.add(past(parts));
        parts.clear();
      } else {
        parts.add(word);
      }
    }
    pasts.add(past(parts));
    return new Entry.Undone(
        pasts,
        generations(words.subList(back + 1, gone)),
        generations(words.subList(gone + 1, words.size())),
        asked);
  }

  /** The words, and who asked, where that is known. */
  static List<String> by(Optional<Asked> asked, List<String> words) {
    List<String> all = new ArrayList<>(words);
    asked.ifPresent(who -> all.addAll(List.of(BY, encoded(who.by()) + "#" + encoded(who.why()))));
    return all;
  }

  private static Asked asked(String word) {
    String[] sides = word.split("#", 2);
    return new Asked(decoded(sides[0]), decoded(sides[1]));
  }

  private static IllegalArgumentException nobody() {
    return new IllegalArgumentException("it does not say who asked");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }

  static <T> List<String> of(String kind, List<T> values, Function<T, String> word) {
    List<String> words = new ArrayList<>(List.of(kind));
    values.forEach(value -> words.add(word.apply(value)));
    return words;
  }

  static String part(Pasts.Part part) {
    return part.before().map(EntryWords::generation).orElse("none")
        + ">"
        + generation(part.after());
  }

  /** A version is free text; everything else is made of letters, digits and a few signs. */
  static String generation(Generation generation) {
    return String.join(
        "#",
        generation.plugin(),
        String.valueOf(generation.number()),
        encoded(generation.version()),
        generation.sha256());
  }

  private static Pasts.Past past(List<String> words) {
    List<Pasts.Part> parts = new ArrayList<>();
    for (String word : words) {
      String[] sides = word.split(">", 2);
      Optional<Generation> before =
          sides[0].equals("none") ? Optional.empty() : Optional.of(generation(sides[0]));
      parts.add(new Pasts.Part(before, generation(sides[1])));
    }
    return new Pasts.Past(parts);
  }

  private static List<Generation> generations(List<String> words) {
    return words.stream().map(EntryWords::generation).toList();
  }

  private static Generation generation(String word) {
    String[] fields = word.split("#", 4);
    return new Generation(fields[0], Long.parseLong(fields[1]), decoded(fields[2]), fields[3]);
  }
}
