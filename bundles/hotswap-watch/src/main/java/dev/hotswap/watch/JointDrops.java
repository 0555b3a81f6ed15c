package dev.hotswap.watch;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The drops in which bundles and settings changed together, so that the settings go back when the
 * bundles do. A rollback publishes under new numbers; so what each generation replaced is followed.
 * Used by one thread; remembers nothing over a restart.
 */
final class JointDrops {
  private static final int MOST = 100;

  private final List<Joint> joints = new ArrayList<>();
  private final Map<Generation, Optional<Generation>> replaced = new LinkedHashMap<>();
  private long seen;

  /**
   * One of them.
   *
   * @param swap the number of its swap
   * @param published what it made current, by plugin
   * @param before the settings that stood, by identity; empty for those that are new
   * @param files the names of the files of settings
   */
  record Joint(
      long swap,
      Map<String, Generation> published,
      Map<String, Optional<Map<String, Object>>> before,
      List<String> files) {}

  void add(Receipt receipt, Map<String, Optional<Map<String, Object>>> before, List<String> files) {
    Map<String, Generation> published = new HashMap<>();
    receipt
        .changes()
        .forEach(change -> change.to().ifPresent(to -> published.put(to.plugin(), to)));
    joints.add(new Joint(receipt.id(), published, before, files));
    forgetOldest();
  }

  private void forgetOldest() {
    if (joints.size() > MOST) {
      joints.remove(0);
    }
    var oldest = replaced.keySet().iterator();
    for (int more = replaced.size() - 10 * MOST; more > 0; more--) {
      oldest.next();
      oldest.remove();
    }
  }

  /** Those that were undone since it was last asked, the newest first. */
  List<Joint> undone(List<Receipt> receipts) {
    List<Joint> undone = new ArrayList<>();
    List<Receipt> inOrder = new ArrayList<>(receipts);
    inOrder.sort(Comparator.comparing(Receipt::id));
    for (Receipt receipt : inOrder) {
      if (receipt.outcome() == Receipt.Outcome.REVERSED) {
        take(joint -> joint.swap() == receipt.id(), undone);
      }
      if (receipt.id() > seen) {
        seen = receipt.id();
        receipt.changes().forEach(change -> follow(receipt, change, undone));
      }
    }
    return undone;
  }

  private void follow(Receipt receipt, Receipt.Change change, List<Joint> undone) {
    if (receipt.outcome() == Receipt.Outcome.ROLLED_BACK && change.from().isPresent()) {
      Generation from = change.from().get();
      take(joint -> from.equals(joint.published().get(change.plugin())), undone);
      Optional<Generation> back = replaced.getOrDefault(from, Optional.empty());
      if (back.isPresent() && change.to().isPresent()) {
        stands(change.to().get(), back.get());
      }
    } else if (receipt.outcome() == Receipt.Outcome.SWAPPED) {
      change.to().ifPresent(to -> replaced.put(to, change.from()));
    }
  }

  /** The one is the other once more, under a new number. */
  private void stands(Generation next, Generation before) {
    replaced.put(next, replaced.getOrDefault(before, Optional.empty()));
    joints.forEach(
        joint -> joint.published().replaceAll((name, it) -> it.equals(before) ? next : it));
  }

  private void take(java.util.function.Predicate<Joint> which, List<Joint> taken) {
    for (Joint joint : List.copyOf(joints)) {
      if (which.test(joint)) {
        joints.remove(joint);
        taken.add(0, joint);
      }
    }
  }
}
