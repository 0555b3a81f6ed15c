package dev.hotswap.watch;

import dev.hotswap.api.Generation;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A joint drop as a line of {@code .hotswap-joint}, and back. */
final class JointWords {
  static final String JOINT = "joint";

  private JointWords() {}

  static String write(Joint joint) {
    List<String> words = new ArrayList<>(List.of(JOINT));
    joint.published().values().forEach(each -> words.add("new=" + generation(each)));
    joint
        .replaced()
        .forEach(
            (plugin, old) ->
                words.add(old.map(each -> "old=" + generation(each)).orElse("fresh=" + plugin)));
    joint
        .before()
        .forEach(
            (pid, values) ->
                words.add(
                    values
                        .map(all -> "was=" + encoded(pid) + "?" + SettingsWords.write(all))
                        .orElse("none=" + encoded(pid))));
    joint.files().forEach(file -> words.add("file=" + encoded(file)));
    if (joint.superseded()) {
      words.add("superseded=");
    }
    return String.join(" ", words);
  }

  /**
   * @param words without the first
   * @throws IllegalArgumentException when they are none
   */
  static Joint read(List<String> words) {
    Map<String, Generation> published = new HashMap<>();
    Map<String, Optional<Generation>> replaced = new HashMap<>();
    Map<String, Optional<Map<String, Object>>> before = new LinkedHashMap<>();
    List<String> files = new ArrayList<>();
    boolean superseded = false;
    for (String word : words) {
      String[] sides = word.split("=", 2);
      String value = sides[sides.length - 1];
      switch (sides[0]) {
        case "new" -> published.put(generation(value).plugin(), generation(value));
        case "old" -> replaced.put(generation(value).plugin(), Optional.of(generation(value)));
        case "fresh" -> replaced.put(value, Optional.empty());
        case "was" -> {
          String[] parts = value.split("\\?", 2);
          before.put(decoded(parts[0]), Optional.of(SettingsWords.read(parts[1])));
        }
        case "none" -> before.put(decoded(value), Optional.empty());
        case "file" -> files.add(decoded(value));
        case "superseded" -> superseded = true;
        default -> throw new IllegalArgumentException("there is no " + word);
      }
    }
    return new Joint(published, replaced, before, files, superseded);
  }

  private static String generation(Generation generation) {
    return String.join(
        "#",
        generation.plugin(),
        String.valueOf(generation.number()),
        encoded(generation.version()),
        generation.sha256());
  }

  private static Generation generation(String word) {
    String[] fields = word.split("#", 4);
    return new Generation(fields[0], Long.parseLong(fields[1]), decoded(fields[2]), fields[3]);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String decoded(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
