package dev.hotswap.core;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing that a journal says: what it makes of a deployment, and how it is written. */
sealed interface Entry {
  /** What should run once this is so. */
  Deployment on(Deployment before);

  /** Its kind and its words, as {@code docs/journal.md} has them. */
  List<String> words();

  /**
   * A set was published, and what it replaced can be rolled back to.
   *
   * @param asked who asked for it; empty where nobody has recorded it
   */
  record Swapped(Pasts.Past past, Optional<Asked> asked) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      List<Generation> published = past.parts().stream().map(Pasts.Part::after).toList();
      return before.swapped(past).askedFor(asked, published);
    }

    @Override
    public List<String> words() {
      return EntryWords.by(asked, EntryWords.of("swapped", past.parts(), EntryWords::part));
    }
  }

  /** That could be rolled back to before this journal was written anew. */
  record Past(Pasts.Past past) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.withPast(past);
    }

    @Override
    public List<String> words() {
      return EntryWords.of("past", past.parts(), EntryWords::part);
    }
  }

  /**
   * Swaps were undone.
   *
   * @param undone which ones, newest first
   * @param back what was published
   * @param gone what left, and nothing took its place
   * @param asked who asked for it; empty where what was published goes on to be the wish that it
   *     was, or nobody has recorded it
   */
  record Undone(
      List<Pasts.Past> undone, List<Generation> back, List<Generation> gone, Optional<Asked> asked)
      implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.undone(undone, back, gone).askedFor(asked, back);
    }

    @Override
    public List<String> words() {
      List<String> words = new ArrayList<>(List.of("undone"));
      for (Pasts.Past past : undone) {
        words.add("swap");
        past.parts().forEach(part -> words.add(EntryWords.part(part)));
      }
      words.add("back");
      back.forEach(generation -> words.add(EntryWords.generation(generation)));
      words.add("gone");
      gone.forEach(generation -> words.add(EntryWords.generation(generation)));
      return EntryWords.by(asked, words);
    }
  }

  /** These are current, and nothing is known of what was before. */
  record Current(List<Generation> published) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.current(published);
    }

    @Override
    public List<String> words() {
      return EntryWords.of("current", published, EntryWords::generation);
    }
  }

  /** A generation is current no more, and nothing has taken its place. */
  record Gone(Generation generation) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.gone(generation);
    }

    @Override
    public List<String> words() {
      return List.of("gone", EntryWords.generation(generation));
    }
  }

  /** Generations of the plugin may have numbers up to this one from now on. */
  record Numbers(String plugin, long upTo) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.numbered(plugin, upTo);
    }

    @Override
    public List<String> words() {
      return List.of("numbers", plugin, String.valueOf(upTo));
    }
  }

  /** Some are about to be started at a restart; the start of others has come to an end. */
  record Starting(List<Generation> begun, List<Generation> ended) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.starting(begun, ended);
    }

    @Override
    public List<String> words() {
      List<String> words =
          new ArrayList<>(EntryWords.of("starting", begun, EntryWords::generation));
      words.add("ended");
      ended.forEach(generation -> words.add(EntryWords.generation(generation)));
      return words;
    }
  }

  /** Who asked for these generations. */
  record Wished(Asked asked, List<Generation> generations) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.askedFor(Optional.of(asked), generations);
    }

    @Override
    public List<String> words() {
      return EntryWords.by(
          Optional.of(asked), EntryWords.of("wished", generations, EntryWords::generation));
    }
  }

  /** The plugin has had these bytes. */
  record Seen(String plugin, String sha256) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.seen(plugin, sha256);
    }

    @Override
    public List<String> words() {
      return List.of("seen", plugin, sha256);
    }
  }

  /** The host was opened with these bytes for the plugin. */
  record Offered(String plugin, String sha256) implements Entry {
    @Override
    public Deployment on(Deployment before) {
      return before.offered(plugin, sha256);
    }

    @Override
    public List<String> words() {
      return List.of("offered", plugin, sha256);
    }
  }

  /** Entries that make this deployment out of none. */
  static List<Entry> all(Deployment deployment) {
    List<Entry> all = new ArrayList<>();
    deployment.numbers().forEach((plugin, upTo) -> all.add(new Numbers(plugin, upTo)));
    deployment
        .seen()
        .forEach((plugin, digests) -> digests.forEach(each -> all.add(new Seen(plugin, each))));
    deployment.offered().forEach((plugin, sha256) -> all.add(new Offered(plugin, sha256)));
    deployment.pasts().all().forEach(past -> all.add(new Past(past)));
    deployment.current().values().forEach(each -> all.add(new Current(List.of(each))));
    Map<Asked, List<Generation>> wishes = new LinkedHashMap<>();
    deployment
        .wishes()
        .forEach(
            (wished, asked) ->
                wishes.computeIfAbsent(asked, first -> new ArrayList<>()).add(wished));
    wishes.forEach((asked, wished) -> all.add(new Wished(asked, wished)));
    for (Map.Entry<Generation, Integer> starts : deployment.starts().entrySet()) {
      for (int i = 0; i < starts.getValue(); i++) {
        all.add(new Starting(List.of(starts.getKey()), List.of()));
      }
    }
    return all;
  }
}
