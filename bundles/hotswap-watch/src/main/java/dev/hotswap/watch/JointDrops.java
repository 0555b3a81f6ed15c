package dev.hotswap.watch;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.SwapEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The drops in which bundles and settings changed together, so that the settings go back when the
 * bundles do: before the old generation is started, on the thread of the rollback. What it knows
 * lies in the folder, as {@code .hotswap-joint}. Settings are set under no lock of its own.
 * Thread-safe: one thread drops, and rollbacks come one after the other.
 */
final class JointDrops {
  static final String NAME = ".hotswap-joint";
  private static final String FORMAT = "hotswap-joint 1";
  private static final String STANDS = "stands";
  private static final int MOST = 100;

  private final Path file;
  private final Configurations configurations;
  private List<Joint> joints = List.of(); // oldest first
  private final Map<String, Map<String, Object>> standing = new TreeMap<>();
  private final Map<String, Memory.Fate> fates = new LinkedHashMap<>();
  private Optional<Undoing> undoing = Optional.empty();
  private List<String> written = List.of();
  private boolean standsAgain;

  /**
   * A rollback that has been begun, and what to go on with if it does not come about.
   *
   * @param now the settings that stood when it began
   */
  private record Undoing(
      long swap,
      List<Joint> before,
      Map<String, Optional<Map<String, Object>>> now,
      List<String> files,
      List<Generation> back) {}

  private JointDrops(Path folder, Configurations configurations) {
    this.file = folder.resolve(NAME);
    this.configurations = configurations;
  }

  /** Of a folder; none where it has no file of them, or one that cannot be understood. */
  static JointDrops of(Path folder, Configurations configurations) {
    JointDrops drops = new JointDrops(folder, configurations);
    if (Files.exists(drops.file)) {
      try {
        drops.load(Files.readAllLines(drops.file));
      } catch (IOException | RuntimeException e) {
        drops.joints = List.of();
        drops.standing.clear();
        Log.warn("event=watch-memory-lost file=" + drops.file + " reason=" + e);
      }
    }
    return drops;
  }

  private void load(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
      throw new IllegalArgumentException("its first line is not " + FORMAT);
    }
    List<Joint> read = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = List.of(line.split(" ", -1));
      if (words.get(0).equals(JointWords.JOINT)) {
        read.add(JointWords.read(words.subList(1, words.size())));
      } else {
        standing.put(JointWords.decoded(words.get(1)), SettingsWords.read(words.get(2)));
      }
    }
    joints = List.copyOf(read);
    written = List.copyOf(lines);
  }

  private void save() {
    List<String> lines = new ArrayList<>(List.of(FORMAT));
    joints.forEach(joint -> lines.add(JointWords.write(joint)));
    standing.forEach(
        (pid, values) ->
            lines.add(
                String.join(" ", STANDS, JointWords.encoded(pid), SettingsWords.write(values))));
    if (lines.equals(written)) {
      return;
    }
    Path next = file.resolveSibling(NAME + ".new");
    try {
      Files.write(next, lines);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Log.warn("event=watch-memory-lost file=" + file + " reason=" + e);
    }
    written = lines;
  }

  // ---- a drop

  /**
   * Bundles and settings are about to change together.
   *
   * @param published the bundles, with the number 0
   * @param replaced what is current of them
   * @param before the settings that stand
   * @param files the names of the files of settings
   */
  synchronized void begin(
      Map<String, Generation> published,
      Map<String, Optional<Generation>> replaced,
      Map<String, Optional<Map<String, Object>>> before,
      List<String> files) {
    List<Joint> more = new ArrayList<>(joints);
    more.add(new Joint(published, replaced, before, files, false));
    joints = List.copyOf(more.subList(Math.max(0, more.size() - MOST), more.size()));
    save();
  }

  /** They have. Where they have been rolled back since, they are no more. */
  synchronized void done(Receipt receipt) {
    List<Generation> published = new ArrayList<>();
    Map<String, Optional<Generation>> replaced = new HashMap<>();
    for (Receipt.Change change : receipt.changes()) {
      change.to().ifPresent(published::add);
      replaced.put(change.plugin(), change.from());
    }
    joints.stream()
        .filter(Joint::isUnderWay)
        .forEach(joint -> standing.keySet().removeAll(joint.before().keySet()));
    replace(joint -> joint.isUnderWay() ? joint.published(published, replaced) : joint);
    save();
  }

  /** They have not; answers the settings that are to stand. */
  synchronized Map<String, Optional<Map<String, Object>>> failed() {
    Map<String, Optional<Map<String, Object>>> before = new LinkedHashMap<>();
    List<Joint> others = new ArrayList<>(joints);
    joints.stream().filter(Joint::isUnderWay).forEach(joint -> before.putAll(joint.before()));
    others.removeIf(Joint::isUnderWay);
    joints = List.copyOf(others);
    save();
    return before;
  }

  /** Settings came alone: whatever is rolled back, they stay. */
  synchronized void alone(String pid, String name) {
    replace(joint -> joint.without(pid, name));
    standing.remove(pid);
    save();
  }

  private void replace(UnaryOperator<Joint> with) {
    joints = joints.stream().map(with).toList();
  }

  // ---- what becomes of it

  /** Only what is told in turn changes anything; the rest is somebody else's refusal. */
  void on(SwapEvent event) {
    if (event instanceof SwapEvent.RollingBack rolling) {
      rollBack(rolling);
    } else if (event instanceof SwapEvent.Published published) {
      published(published);
    } else if (event instanceof SwapEvent.Reversed reversed) {
      reverse(reversed);
    } else if (event instanceof SwapEvent.Refused) {
      refused(event.swap());
    }
  }

  private void rollBack(SwapEvent.RollingBack rolling) {
    List<Joint> hit = of(rolling.undone());
    Map<String, Optional<Map<String, Object>>> now = now(hit);
    Map<String, Optional<Map<String, Object>>> restored;
    synchronized (this) {
      List<String> files = hit.stream().flatMap(joint -> joint.files().stream()).toList();
      undoing = Optional.of(new Undoing(rolling.swap(), joints, now, files, rolling.back()));
      restored = undo(hit);
    }
    put(restored);
  }

  private synchronized List<Joint> of(List<Generation> undone) {
    return joints.stream().filter(joint -> undone.stream().anyMatch(joint::published)).toList();
  }

  private Map<String, Optional<Map<String, Object>>> now(List<Joint> hit) {
    Map<String, Optional<Map<String, Object>>> now = new LinkedHashMap<>();
    hit.forEach(joint -> joint.before().keySet().forEach(pid -> now.put(pid, now(pid))));
    return now;
  }

  private Optional<Map<String, Object>> now(String pid) {
    try {
      return configurations.get(pid);
    } catch (IOException | RuntimeException e) {
      Log.warn("event=config-failed pid=" + pid + " reason=" + e);
      return Optional.empty();
    }
  }

  /** Forgets them, and answers what is to be set: what had stood before the oldest of them. */
  private Map<String, Optional<Map<String, Object>>> undo(List<Joint> hit) {
    Map<String, Optional<Map<String, Object>>> restored = new LinkedHashMap<>();
    for (int i = hit.size() - 1; i >= 0; i--) {
      restored.putAll(hit.get(i).before());
    }
    List<Joint> others = new ArrayList<>(joints);
    others.removeAll(hit);
    joints = List.copyOf(others);
    for (Joint drop : others.stream().filter(Joint::isUnderWay).toList()) {
      for (String pid : drop.before().keySet()) { // it has set its own, and waits for its turn
        if (restored.containsKey(pid)) {
          Optional<Map<String, Object>> values = restored.remove(pid);
          replace(joint -> joint.isUnderWay() ? joint.before(pid, values) : joint);
        }
      }
    }
    restored.forEach(
        (pid, values) ->
            values.ifPresentOrElse(all -> standing.put(pid, all), () -> standing.remove(pid)));
    save();
    return restored;
  }

  private synchronized void published(SwapEvent.Published event) {
    if (undoing.isPresent() && undoing.get().swap() == event.swap()) {
      for (Generation old : undoing.get().back()) {
        event.to().filter(to -> to.plugin().equals(old.plugin())).ifPresent(to -> rename(old, to));
      }
      undoing.get().files().forEach(name -> fates.put(name, Memory.Fate.LEFT));
    }
    boolean byDrop = event.to().filter(this::isUnderWay).isPresent();
    replace(
        joint -> {
          boolean again = event.to().filter(joint::published).isPresent();
          boolean gone = !byDrop && event.to().isPresent() && isFrom(joint, event);
          return again || gone ? joint.superseded(!again) : joint;
        });
    save();
  }

  private boolean isUnderWay(Generation to) {
    return joints.stream().anyMatch(joint -> joint.isUnderWay() && joint.published(to));
  }

  private static boolean isFrom(Joint joint, SwapEvent.Published event) {
    return event.from().filter(joint::published).isPresent();
  }

  private void rename(Generation old, Generation next) {
    replace(joint -> joint.renamed(old, next));
  }

  /** It was published again just now. */
  private void reverse(SwapEvent.Reversed event) {
    Map<String, Optional<Map<String, Object>>> restored;
    synchronized (this) {
      List<Joint> hit = of(List.of(event.from()));
      hit.forEach(joint -> joint.files().forEach(name -> fates.put(name, Memory.Fate.LEFT)));
      restored = undo(hit);
    }
    put(restored);
  }

  /** The rollback did not come about: all is as it was. */
  private void refused(long swap) {
    Map<String, Optional<Map<String, Object>>> now;
    synchronized (this) {
      if (undoing.isEmpty() || undoing.get().swap() != swap) {
        return;
      }
      Undoing failed = undoing.get();
      undoing = Optional.empty();
      joints = failed.before();
      now = failed.now();
      now.keySet().forEach(standing::remove);
      failed.files().forEach(name -> fates.put(name, Memory.Fate.TAKEN));
      save();
    }
    put(now);
  }

  /** Sets these; of some it is said that there are none. */
  void put(Map<String, Optional<Map<String, Object>>> settings) {
    settings.forEach(
        (pid, values) -> {
          try {
            if (values.isPresent()) {
              configurations.set(pid, values.get());
            } else {
              configurations.delete(pid);
            }
            Log.info("event=config-restored pid=" + pid);
          } catch (IOException | RuntimeException e) {
            Log.warn("event=config-failed pid=" + pid + " reason=" + e);
          }
        });
  }

  /** What has become of files of settings since it was last asked. */
  synchronized Map<String, Memory.Fate> fates() {
    Map<String, Memory.Fate> told = new LinkedHashMap<>(fates);
    fates.clear();
    return told;
  }

  // ---- at start

  /**
   * Finds out what was done while nobody watched: a swap that was cut off, or a rollback, by the
   * bytes that are current.
   */
  void reconcile(Function<String, Optional<Generation>> current) {
    Map<String, Optional<Map<String, Object>>> restored;
    synchronized (this) {
      replace(joint -> joint.stands(current) ? adopted(joint, current) : joint);
      Set<Joint> hit = new HashSet<>();
      for (Joint joint : joints) {
        if (joint.isUnderWay()) {
          hit.add(joint); // it was cut off, and what it wishes is to be done from the beginning
        } else if (isUndone(joint, current)) {
          hit.addAll(since(joint, current));
        }
      }
      for (Joint joint : hit) {
        if (!joint.isUnderWay()) {
          joint.files().forEach(name -> fates.put(name, Memory.Fate.LEFT));
        }
      }
      restored = undo(joints.stream().filter(hit::contains).toList());
    }
    put(restored);
  }

  /** Under the numbers that its generations have now. */
  private static Joint adopted(Joint joint, Function<String, Optional<Generation>> current) {
    List<Generation> published = new ArrayList<>();
    joint.published().keySet().forEach(name -> current.apply(name).ifPresent(published::add));
    return joint.published(published, joint.replaced());
  }

  /** Not over what was swapped in by hand: that may have brought the old bytes. */
  private boolean isUndone(Joint joint, Function<String, Optional<Generation>> current) {
    return !joint.stands(current)
        && joint.isUndone(current)
        && since(joint, current).stream().noneMatch(Joint::superseded);
  }

  /** That, and the later ones of its plugins: who goes back goes over them. */
  private List<Joint> since(Joint first, Function<String, Optional<Generation>> current) {
    return joints.subList(joints.indexOf(first), joints.size()).stream()
        .filter(
            joint -> !Collections.disjoint(joint.published().keySet(), first.published().keySet()))
        .filter(joint -> !joint.stands(current))
        .toList();
  }

  /** Sets what has stood since a rollback once more, where the service has forgotten it. */
  void standAgain() {
    if (standsAgain || !configurations.areThere()) {
      return;
    }
    standsAgain = true;
    Map<String, Optional<Map<String, Object>>> forgotten = new LinkedHashMap<>();
    synchronized (this) {
      standing.forEach((pid, values) -> forgotten.put(pid, Optional.of(values)));
    }
    forgotten.keySet().removeIf(pid -> now(pid).isPresent());
    put(forgotten);
  }
}
