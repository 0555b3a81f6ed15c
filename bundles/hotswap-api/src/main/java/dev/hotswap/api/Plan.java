package dev.hotswap.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a swap of some files would do, found out without changing anything.
 *
 * @param members who gets a new generation, those first that others are wired to; all of them are
 *     published in one write
 * @param stays who is wired to something that is replaced and goes on with the old of it
 * @param outsiders which bundles that are no plugins do so
 * @param refusals why the swap would be refused, as far as that can be foreseen
 * @param waits for which plugins the swap would have to wait as things stand
 * @param untouched how many plugins are current and named nowhere in it
 */
public record Plan(
    List<Member> members,
    List<Stays> stays,
    List<Outsider> outsiders,
    List<Refusal> refusals,
    List<Wait> waits,
    int untouched) {
  private static final int WIDTH = 80;
  private static final String INDENT = " ".repeat(11);

  public Plan {
    members = List.copyOf(members);
    stays = List.copyOf(stays);
    outsiders = List.copyOf(outsiders);
    refusals = List.copyOf(refusals);
    waits = List.copyOf(waits);
  }

  /** One in which nobody else has a part. */
  public Plan(List<Member> members, List<Stays> stays, List<Refusal> refusals) {
    this(members, stays, List.of(), refusals, List.of(), 0);
  }

  /** What a bundle is to the swap. */
  public enum Kind {
    /** A plugin that is not deployed yet. */
    NEW_PLUGIN("new"),
    /** New bytes of a plugin that is deployed. */
    NEW_GENERATION("swap"),
    /** It only exports packages to others: nobody calls it through a handle. */
    LIBRARY("library"),
    /** It belongs to a host bundle, which is brought up with it. */
    FRAGMENT("fragment"),
    /** It exports the package of a contract, which is shared as long as the host is open. */
    CONTRACT("contract"),
    /** Wired to something that is replaced: its own bytes once more, beside the old ones. */
    RESTAGED("restage"),
    /** The very bytes that are current: nothing to do. */
    SAME_BYTES("same");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As it is printed. */
    public String word() {
      return word;
    }
  }

  /** What becomes of the state of the generation that is replaced. */
  public enum State {
    /** There is none, as far as the manifests say. */
    NONE,
    /** It is handed over; callers are held for that. */
    HANDED_OVER,
    /** The new generation does not keep state: that of the old one ends with it. */
    DROPPED,
    /**
     * The new generation keeps state, but the old one did not, or there is none: it has to begin.
     */
    BEGUN
  }

  /**
   * One new generation.
   *
   * @param plugin the bundle symbolic name
   * @param version the bundle version of the new generation
   * @param sha256 of its bytes
   * @param kind what it is to the swap
   * @param mode how it takes over
   * @param replaces the generation that it takes over from; empty for a new plugin
   * @param because the wire or the file that brings it into the plan, in words
   * @param alone why the two do not run side by side, in words; empty where they do
   * @param state what becomes of the old one's state
   * @param undeclared the contracts that the old one offers, and that the manifest of the new one
   *     does not declare although it declares services; empty where it declares none
   * @param file the name of the file it comes from; empty where it was not asked for by one
   * @param classes the contracts that it offers, as far as is known, and that are classes: plugins
   *     that get them from the service registry hold them past a swap
   */
  public record Member(
      String plugin,
      String version,
      String sha256,
      Kind kind,
      Mode mode,
      Optional<Generation> replaces,
      String because,
      Optional<String> alone,
      State state,
      List<String> undeclared,
      Optional<String> file,
      List<String> classes) {
    public Member {
      undeclared = List.copyOf(undeclared);
      classes = List.copyOf(classes);
    }

    /** Whether the old one and the new one are there at a time, until the old one has drained. */
    public boolean isThereTwice() {
      return replaces.isPresent() && mode == Mode.SIDE_BY_SIDE && kind != Kind.SAME_BYTES;
    }

    /** What callers and the state have to expect, in words; a line for each. */
    private List<String> notes() {
      List<String> notes = new ArrayList<>();
      file.ifPresent(name -> notes.add("from " + name));
      alone.ifPresent(reason -> notes.add("callers are held until it has started: " + reason));
      if (state == State.HANDED_OVER) {
        notes.add("its state is handed over; callers are held for that");
      } else if (state == State.DROPPED) {
        notes.add("the state of what it replaces is dropped: it keeps none");
      } else if (state == State.BEGUN) {
        notes.add("it keeps state, and begins without any");
      }
      if (isThereTwice()) {
        notes.add("runs twice until the last call on what it replaces has ended");
      }
      if (!undeclared.isEmpty()) {
        notes.add(
            "its manifest does not declare "
                + String.join(", ", undeclared)
                + ": refused if callers use that and it does not register it at start");
      }
      if (!classes.isEmpty()) {
        notes.add(
            "no stand-in for "
                + String.join(", ", classes)
                + ": a class, and only an interface can have a proxy; plugins that get it from the"
                + " service registry keep the old code");
      }
      return notes;
    }
  }

  /**
   * A generation that stays on what is replaced.
   *
   * @param generation who
   * @param because why, in words
   */
  public record Stays(Generation generation, String because) {}

  /**
   * A bundle that is no plugin, as a base bundle, and that stays on what is replaced.
   *
   * @param bundle its symbolic name, version and id
   * @param because the wire, in words
   */
  public record Outsider(String bundle, String because) {}

  /**
   * A plugin with as many live generations as it may have. The swap waits, up to its drain
   * deadline, until one leaves.
   *
   * @param plugin the bundle symbolic name
   * @param most how many it may have
   * @param holders who keeps the old ones, as far as it is known
   */
  public record Wait(String plugin, int most, List<String> holders) {
    public Wait {
      holders = List.copyOf(holders);
    }

    private String words() {
      String held = holders.isEmpty() ? "" : "; held by " + String.join(", ", holders);
      return "it has " + most + " live generations, the most: waits until one leaves" + held;
    }
  }

  /** How the set takes over: not side by side as soon as one of its members cannot. */
  public Mode mode() {
    boolean held = members.stream().anyMatch(member -> member.mode() == Mode.ONE_AFTER_THE_OTHER);
    return held ? Mode.ONE_AFTER_THE_OTHER : Mode.SIDE_BY_SIDE;
  }

  /** Whether nothing speaks against it. */
  public boolean isFeasible() {
    return refusals.isEmpty();
  }

  /** The plan on lines of at most 80 columns. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    lines.add("plan: " + count() + ", " + mode().words() + ", in one write");
    for (Member member : members) {
      String replaced = member.replaces().map(old -> " replaces " + old.label()).orElse("");
      String what = member.plugin() + " " + member.version() + replaced;
      head(member.kind().word(), what, lines);
      wrap(member.because(), lines);
      member.notes().forEach(note -> wrap(note, lines));
    }
    for (Stays stay : stays) {
      head("stays", stay.generation().toString(), lines);
      wrap(stay.because(), lines);
    }
    for (Outsider outsider : outsiders) {
      head("stays", outsider.bundle(), lines);
      wrap(outsider.because(), lines);
    }
    for (Wait wait : waits) {
      head("waits", wait.plugin(), lines);
      wrap(wait.words(), lines);
    }
    for (Refusal refusal : refusals) {
      head("refused", refusal.what(), lines);
      wrap(refusal.why(), lines);
      wrap(refusal.next(), lines);
    }
    lines.add("  untouched: " + untouched + (untouched == 1 ? " plugin" : " plugins"));
    return String.join(System.lineSeparator(), lines);
  }

  private String count() {
    long changes = members.stream().filter(member -> member.kind() != Kind.SAME_BYTES).count();
    return changes == 1 ? "1 generation changes" : changes + " generations change";
  }

  private static void head(String word, String what, List<String> lines) {
    int first = lines.size();
    wrap(what, lines);
    lines.set(first, String.format("  %-8s ", word) + lines.get(first).substring(INDENT.length()));
  }

  private static void wrap(String text, List<String> lines) {
    StringBuilder line = new StringBuilder(INDENT);
    for (String word : text.split(" ")) {
      if (line.length() > INDENT.length() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(INDENT);
      }
      line.append(line.length() > INDENT.length() ? " " : "").append(word);
      for (; line.length() > WIDTH; line.replace(0, WIDTH, INDENT)) { // a name, broken anywhere
        lines.add(line.substring(0, WIDTH));
      }
    }
    lines.add(line.toString());
  }
}
