package dev.hotswap.watch;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at the folder, and has done what has changed: one round after the other, on the acting
 * thread. What a file wishes is done once; its identity is the SHA-256 of its bytes.
 */
final class Rounds {
  private static final String WATCH = "watch";

  /** For so many times the patience others wait for a file that is being written. */
  private static final int LONGEST_ARRIVAL = 6;

  private final Path folder;
  private final Swapper swapper;
  private final Configurations configurations;
  private final WatchOptions options;
  private final WatchClock clock;
  private final Sights sights;
  private final Memory memory;
  private final RefusedFolder refused;
  private final JointDrops joints;
  private final Map<String, Long> missing = new HashMap<>();
  private final Set<String> waiting = new HashSet<>();
  private final Set<String> atOpen = new HashSet<>();
  private Optional<Long> held = Optional.empty(); // since when drops wait for the rest of theirs
  private boolean isFirst = true;
  private boolean isAway;
  private boolean isClosing;

  Rounds(
      Path folder,
      Swapper swapper,
      Configurations configurations,
      WatchOptions options,
      WatchClock clock,
      Reading reading) {
    this.folder = folder;
    this.swapper = swapper;
    this.configurations = configurations;
    this.options = options;
    this.clock = clock;
    this.sights = new Sights(folder, options, clock, reading);
    this.memory = Memory.of(folder);
    this.joints = JointDrops.of(folder, configurations);
    this.refused = new RefusedFolder(folder);
  }

  /** Where what cannot be used goes. */
  Quarantine quarantine() {
    return refused;
  }

  /**
   * Does one round.
   *
   * @param touched what events have told of since the last
   * @return after how long the next one is due, if nothing is told before
   */
  Duration round(Touched.Round touched) {
    Sights.Look look;
    try {
      look = sights.look(touched, isFirst);
      isAway = false;
    } catch (IOException e) {
      away(e);
      return options.rescan();
    }
    look.faults().forEach(this::refuse);
    if (isFirst) {
      atOpen.addAll(look.there());
    }
    goBack();
    agree(look);
    long due = Math.min(look.due(), act(look));
    look.settled().stream().filter(drop -> !isNew(drop)).map(Drop::name).forEach(atOpen::remove);
    memory.save();
    isFirst = false;
    return Duration.ofNanos(Math.max(1, due));
  }

  /** Nothing is inferred from a folder that is not there. */
  private void away(IOException reason) {
    if (!isAway) {
      Log.warn("event=watch-away folder=" + folder + " reason=" + reason);
    }
    isAway = true;
    missing.clear();
  }

  /** Answers in how many nanoseconds something is due. */
  private long act(Sights.Look look) {
    List<Drop> drops = drops(look);
    long now = clock.nanos();
    long newest = drops.stream().mapToLong(Drop::since).max().orElse(now);
    long rest = isFirst || drops.isEmpty() ? 0 : restOfTheDrop(look, newest, now);
    if (rest > 0 && !isHeldTooLong(now)) {
      return rest;
    }
    held = Optional.empty();
    long young = isFirst ? 0 : options.quiet().toNanos() - (now - newest);
    boolean wait = swap(drops, !look.arriving().isEmpty() || young > 0);
    long gone = unload(look);
    return wait && young > 0 ? Math.min(gone, young) : gone;
  }

  /** For how long to wait before anything is done; a drop may have no end. */
  private long restOfTheDrop(Sights.Look look, long newest, long now) {
    long together = options.together().toNanos() - (now - newest);
    return together > 0
        ? Math.min(together, options.rescan().toNanos())
        : othersOfTheDrop(look, newest, now);
  }

  private boolean isHeldTooLong(long now) {
    held = held.or(() -> Optional.of(now));
    return now - held.get() >= options.patience().toNanos();
  }

  /** Whether it has waited for as long as a file that is being written may take. */
  private boolean hasWaitedEnough(long since) {
    return clock.nanos() - since >= options.patience().multipliedBy(LONGEST_ARRIVAL).toNanos();
  }

  /** For how long to wait for files that began to arrive when the newest that is here did. */
  private long othersOfTheDrop(Sights.Look look, long newest, long now) {
    long quiet = options.quiet().toNanos();
    boolean some = look.arriving().stream().anyMatch(first -> Math.abs(first - newest) <= quiet);
    return some ? 2 * quiet - (now - newest) : 0;
  }

  /** What is settled and was not acted on. */
  private List<Drop> drops(Sights.Look look) {
    List<Drop> drops = new ArrayList<>();
    for (Drop drop : look.settled()) {
      if (isNew(drop) && (drop.isBundle() || canConfigure(drop.name()))) {
        drops.add(drop);
      }
    }
    waiting.retainAll(look.there());
    return drops;
  }

  private boolean isNew(Drop drop) {
    Optional<Memory.Kept> kept = memory.of(drop.name());
    return kept.isEmpty() || !kept.get().sha256().equals(drop.content().sha256());
  }

  private boolean canConfigure(String name) {
    boolean can = configurations.areThere();
    if (!can && waiting.add(name)) {
      Log.info("event=config-waiting file=" + name + " reason=\"there is no Configuration Admin\"");
    }
    return can;
  }

  // ---- what somebody else has done meanwhile

  /** Compares what the files have brought with what is current. */
  private void agree(Sights.Look look) {
    Snapshot now = swapper.snapshot();
    for (Drop drop : look.settled()) {
      Optional<Memory.Kept> kept = memory.of(drop.name());
      if (!isNew(drop)) {
        agree(drop, kept.get(), now, look.there());
      } else if (drop.isBundle() && isCurrent(now, drop.content())) {
        claim(drop.name(), drop.content());
      } else if (isFirst && kept.isEmpty() && wasTaken(drop.content().sha256())) {
        leave(
            drop,
            new Memory.Kept(Memory.Fate.LEFT, drop.content().sha256(), drop.content().subject()));
      }
    }
  }

  private void agree(Drop drop, Memory.Kept kept, Snapshot now, Set<String> there) {
    if (!drop.isBundle()) {
      if (isFirst && kept.fate() == Memory.Fate.TAKEN && isUnset(kept.subject())) {
        memory.forget(drop.name()); // to be set once more
      }
    } else if (isCurrent(now, drop.content())) {
      if (!isClaimed(kept.subject(), there)) {
        claim(drop.name(), drop.content());
      }
    } else if (kept.fate() == Memory.Fate.TAKEN) {
      boolean other = current(now, kept.subject()).isPresent() || wasTakenAway(kept);
      if (other) {
        leave(drop, kept);
      } else if (isFirst) {
        memory.forget(drop.name()); // the host remembers nothing: it is to be brought up once more
      }
    }
  }

  private boolean isUnset(String pid) {
    try {
      return configurations.areThere() && configurations.get(pid).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private void leave(Drop drop, Memory.Kept kept) {
    memory.put(drop.name(), kept.as(Memory.Fate.LEFT));
    String by =
        lastChange(kept.subject())
            .map(
                receipt ->
                    " by=\""
                        + receipt.request().asked().by()
                        + "\" verb="
                        + receipt.request().verb().name().toLowerCase(java.util.Locale.ROOT))
            .orElse("");
    Log.info("event=drop-left file=" + drop.name() + " plugin=" + kept.subject() + by);
  }

  private Optional<Receipt> lastChange(String plugin) {
    return swapper.receipts().stream()
        .filter(receipt -> receipt.refusal().isEmpty() && receipt.change(plugin).isPresent())
        .findFirst();
  }

  /** By somebody, also while nobody watched; or the restart has left it out, and said why. */
  private boolean wasTakenAway(Memory.Kept kept) {
    return swapper.wasUnloaded(kept.subject(), kept.sha256())
        || lastChange(kept.subject())
            .flatMap(receipt -> receipt.change(kept.subject()))
            .filter(change -> change.to().isEmpty())
            .isPresent();
  }

  /** Whether a swap of these very bytes was carried out, as far as is remembered. */
  private boolean wasTaken(String sha256) {
    return swapper.receipts().stream()
        .filter(receipt -> receipt.refusal().isEmpty())
        .flatMap(receipt -> receipt.request().files().stream())
        .anyMatch(source -> source.sha256().filter(sha256::equals).isPresent());
  }

  private static Optional<Generation> current(Snapshot now, String plugin) {
    return now.plugin(plugin).flatMap(Snapshot.Plugin::current);
  }

  private static boolean isCurrent(Snapshot now, Content content) {
    return current(now, content.subject())
        .filter(generation -> generation.sha256().equals(content.sha256()))
        .isPresent();
  }

  private boolean isClaimed(String plugin, Set<String> there) {
    return memory.all().entrySet().stream()
        .filter(other -> there.contains(other.getKey()) && Reading.isJar(Path.of(other.getKey())))
        .map(Map.Entry::getValue)
        .anyMatch(other -> other.subject().equals(plugin) && other.fate() == Memory.Fate.TAKEN);
  }

  /** The file is what its subject comes from; no other is any more. */
  private void claim(String name, Content content) {
    for (Map.Entry<String, Memory.Kept> other : memory.all().entrySet()) {
      boolean same = other.getValue().subject().equals(content.subject());
      if (same && Reading.isJar(Path.of(other.getKey())) == Reading.isJar(Path.of(name))) {
        memory.put(other.getKey(), other.getValue().as(Memory.Fate.LEFT));
      }
    }
    memory.put(name, new Memory.Kept(Memory.Fate.TAKEN, content.sha256(), content.subject()));
  }

  /** Told inside the swap, on its thread: settings go back before the bundles do. */
  void on(SwapEvent event) {
    joints.on(event);
  }

  /** What became of settings since the last round; at start what was done while nobody watched. */
  private void goBack() {
    if (isFirst) {
      Snapshot now = swapper.snapshot();
      joints.reconcile(plugin -> current(now, plugin));
    }
    joints.standAgain();
    joints
        .fates()
        .forEach(
            (name, fate) -> memory.of(name).ifPresent(kept -> memory.put(name, kept.as(fate))));
  }

  // ---- what was dropped

  /** Answers whether some of it waits for files that may be on their way. */
  private boolean swap(List<Drop> drops, boolean mayWait) {
    List<List<Drop>> left = new ArrayList<>(Sets.of(drops));
    Map<List<Drop>, Refusal> refusals = new LinkedHashMap<>();
    for (boolean progress = true; progress && !left.isEmpty(); ) {
      int before = left.size();
      left.removeIf(set -> tryTake(set, refusals));
      progress = left.size() < before;
    }
    for (List<Drop> set : List.copyOf(left)) {
      if (refusals.containsKey(set)) {
        refuse(set, Fault.of(refusals.get(set)));
        left.remove(set);
      } else if (!mayWait || set.stream().map(Drop::since).anyMatch(this::hasWaitedEnough)) {
        take(set, false, refusals);
        Optional.ofNullable(refusals.get(set)).ifPresent(it -> refuse(set, Fault.of(it)));
        left.remove(set);
      }
    }
    return !left.isEmpty();
  }

  /** Answers false where it does not go now, but may when another set has. */
  private boolean tryTake(List<Drop> set, Map<List<Drop>, Refusal> refusals) {
    if (isClosing || hasChanged(set)) {
      set.forEach(drop -> sights.forget(drop.name()));
      return true;
    }
    List<Refusal> foreseen = foresee(set);
    boolean mayCome = foreseen.stream().anyMatch(Refusal.Unresolvable.class::isInstance);
    return !mayCome && take(set, foreseen.isEmpty(), refusals);
  }

  private List<Refusal> foresee(List<Drop> set) {
    Path[] jars = jars(set);
    try {
      return jars.length == 0 ? List.of() : swapper.plan(jars).refusals();
    } catch (SwapRefusedException e) {
      return List.of(e.refusal());
    }
  }

  private static Path[] jars(List<Drop> set) {
    return set.stream().filter(Drop::isBundle).map(Drop::file).toArray(Path[]::new);
  }

  /**
   * Answers false where it was refused for want of something that another set may bring.
   *
   * @param isFeasible whether it may well succeed; else the settings need not change to and fro
   */
  private boolean take(List<Drop> set, boolean isFeasible, Map<List<Drop>, Refusal> refusals) {
    Path[] jars = jars(set);
    boolean joint =
        isFeasible && jars.length > 0 && set.stream().anyMatch(drop -> !drop.isBundle());
    try {
      if (joint) {
        begin(set);
      }
      if (isFeasible) {
        configure(set);
      }
      if (jars.length > 0) {
        done(joint, swapper.swap(asked(set), jars).receipt());
      } else {
        settings(set).forEach(drop -> joints.alone(drop.content().subject(), drop.name()));
      }
      set.stream()
          .filter(drop -> isFeasible || drop.isBundle()) // settings that were not set are set alone
          .forEach(drop -> claim(drop.name(), drop.content()));
      return true;
    } catch (SwapRefusedException e) {
      joints.put(joints.failed());
      return refusedBy(e.refusal(), set, refusals);
    } catch (IOException | RuntimeException e) {
      joints.put(joints.failed());
      refuse(
          set,
          Fault.unread(
              words(names(set, true)), "it failed: " + e, "See the log, then drop it again."));
      return true;
    }
  }

  /**
   * What was there at the open, and not acted on, may be what the process has died of: it would be
   * asked for at each open anew.
   */
  private SwapOptions asked(List<Drop> set) {
    return SwapOptions.NONE
        .withAsked(new Asked(WATCH, words(set)))
        .withStartNoted(set.stream().map(Drop::name).anyMatch(atOpen::contains));
  }

  /** Noted before anything is set, so that a process that dies in between is followed up. */
  private void begin(List<Drop> set) throws IOException {
    Snapshot now = swapper.snapshot();
    Map<String, Generation> published = new HashMap<>();
    Map<String, Optional<Generation>> replaced = new HashMap<>();
    Map<String, Optional<Map<String, Object>>> before = new LinkedHashMap<>();
    for (Drop drop : set) {
      String subject = drop.content().subject();
      if (drop.content() instanceof Content.Bundle bundle) {
        String version = bundle.headers().getOrDefault("Bundle-Version", "");
        published.put(subject, new Generation(subject, 0, version, bundle.sha256()));
        replaced.put(subject, current(now, subject));
      } else {
        before.put(subject, configurations.get(subject));
      }
    }
    joints.begin(published, replaced, before, names(set, false));
  }

  private void done(boolean joint, Receipt receipt) {
    if (joint && receipt.outcome() == Receipt.Outcome.SWAPPED) {
      joints.done(receipt);
    } else if (joint) {
      joints.failed(); // the bundles were there: the settings have come alone
    }
  }

  private static List<Drop> settings(List<Drop> set) {
    return set.stream().filter(drop -> !drop.isBundle()).toList();
  }

  private boolean refusedBy(Refusal refusal, List<Drop> set, Map<List<Drop>, Refusal> refusals) {
    if (refusal instanceof Refusal.Closing) {
      isClosing = true;
      return true;
    }
    boolean curable =
        refusal instanceof Refusal.Unresolvable || refusal instanceof Refusal.NoContractService;
    if (curable && refusals.put(set, refusal) == null) {
      return false;
    }
    refusals.remove(set);
    refuse(set, Fault.of(refusal));
    return true;
  }

  private void configure(List<Drop> set) throws IOException {
    for (Drop drop : set) {
      if (drop.content() instanceof Content.Settings settings) {
        configurations.set(settings.pid(), settings.values());
        Log.info("event=config-set file=" + drop.name() + " pid=" + settings.pid());
      }
    }
  }

  private String words(List<Drop> set) {
    return words(names(set, true)) + " dropped in " + folder;
  }

  private static String words(Iterable<String> names) {
    return String.join(", ", names);
  }

  private static List<String> names(List<Drop> set, boolean withBundles) {
    return set.stream().filter(drop -> withBundles || !drop.isBundle()).map(Drop::name).toList();
  }

  private boolean hasChanged(List<Drop> set) {
    return set.stream().anyMatch(drop -> !sights.isUnmoved(drop));
  }

  private void refuse(List<Drop> set, Fault fault) {
    if (hasChanged(set)) {
      set.forEach(drop -> sights.forget(drop.name())); // it was about what is no longer there
      return;
    }
    String together =
        set.size() == 1 ? "" : " Drop all of them again: " + words(names(set, true)) + ".";
    Fault whole = new Fault(fault.what(), fault.why(), fault.state(), fault.next() + together);
    set.forEach(drop -> refuse(drop.name(), whole));
  }

  private void refuse(String name, Fault fault) {
    if (!sights.isUnmoved(name)) {
      sights.forget(name); // the fault is not that of what is there by now
      return;
    }
    boolean moved = refused.tryMove(folder.resolve(name), fault, clock.now());
    Log.warn(
        "event=drop-refused file="
            + name
            + " moved="
            + moved
            + " reason=\""
            + fault.message()
            + '"');
    memory.forget(name); // what it had brought before stays, and no file claims it
    if (moved) {
      sights.forget(name);
    } else {
      sights.done(name);
    }
  }

  // ---- what was deleted

  /** Answers in how many nanoseconds something is due. */
  private long unload(Sights.Look look) {
    missing.keySet().removeIf(name -> look.there().contains(name) || memory.of(name).isEmpty());
    List<String> gone = new ArrayList<>();
    long due = options.rescan().toNanos();
    boolean replaced = !memory.isThere();
    for (String name : memory.all().keySet()) {
      if (look.there().contains(name)) {
        continue;
      }
      long since = missing.computeIfAbsent(name, it -> clock.nanos());
      long left = isFirst ? 0 : options.quiet().toNanos() - (clock.nanos() - since);
      if (replaced && !isFirst) {
        memory.forget(name); // another folder has come in its place: that is nobody's wish
      } else if (left > 0) {
        due = Math.min(due, left);
      } else if (look.arriving().isEmpty() || hasWaitedEnough(since)) {
        gone.add(name);
      }
    }
    delete(gone);
    return due;
  }

  private void delete(List<String> gone) {
    List<String> plugins = new ArrayList<>();
    for (String name : gone) {
      Memory.Kept kept = memory.of(name).orElseThrow();
      if (kept.fate() == Memory.Fate.LEFT) {
        memory.forget(name);
      } else if (Reading.isJar(Path.of(name))) {
        plugins.add(name);
      } else {
        deleteSettings(name, kept.subject());
      }
    }
    for (boolean progress = true; progress && !plugins.isEmpty(); ) {
      int before = plugins.size();
      plugins.removeIf(this::tryUnload); // those first that others are not wired to
      progress = plugins.size() < before;
    }
    plugins.forEach(this::keep);
  }

  private void deleteSettings(String name, String pid) {
    joints.alone(pid, name);
    try {
      configurations.delete(pid);
      Log.info("event=config-deleted file=" + name + " pid=" + pid);
    } catch (IOException | RuntimeException e) {
      Log.warn("event=config-failed pid=" + pid + " reason=" + e);
    }
    memory.forget(name);
  }

  /** Answers false where others would be stranded. */
  private boolean tryUnload(String name) {
    Memory.Kept kept = memory.of(name).orElseThrow();
    String plugin = kept.subject();
    boolean current =
        current(swapper.snapshot(), plugin)
            .filter(generation -> generation.sha256().equals(kept.sha256()))
            .isPresent();
    if (current && !swapper.dependents(plugin).isEmpty()) {
      return false;
    }
    if (current) {
      try {
        swapper.unload(new Asked(WATCH, name + " deleted from " + folder), plugin);
      } catch (SwapRefusedException e) {
        isClosing |= e.refusal() instanceof Refusal.Closing;
        if (isClosing) {
          return true;
        }
        note(name, Fault.of(e.refusal()));
      }
    }
    memory.forget(name);
    return true;
  }

  private void keep(String name) {
    String plugin = memory.of(name).orElseThrow().subject();
    String stranded =
        swapper.dependents(plugin).stream()
            .map(Generation::toString)
            .collect(Collectors.joining(", "));
    String state =
        current(swapper.snapshot(), plugin)
            .map(generation -> generation.label() + " stays current")
            .orElse("nothing has changed");
    note(
        name,
        new Fault(
            "the unload of " + plugin,
            "it would strand " + stranded,
            state,
            "Delete those too, or drop versions that do without it; then drop "
                + name
                + " again and delete it, or unload the plugin by hand."));
    memory.forget(name);
  }

  private void note(String name, Fault fault) {
    refused.tryNote(name, fault, clock.now());
    Log.warn("event=delete-refused file=" + name + " reason=\"" + fault.message() + '"');
  }
}
