package dev.hotswap.core;

import dev.hotswap.api.Holder;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Swaps what cannot run twice, one after the other: new callers are held, those inside finish, the
 * old one is stopped, the new one is started and checked. The publish that follows releases the
 * callers to it. Whatever fails starts the old one again and releases them to that.
 *
 * <p>Callers wait for at most the availability time, so the drain gets half of it.
 */
final class Handover {
  private final World world;
  private final Stager stager;
  private final ForeignCode foreign;
  private final SwapSettings settings;
  private final Ledger ledger;
  private final Retirer retirer;

  Handover(
      World world,
      Stager stager,
      ForeignCode foreign,
      SwapSettings settings,
      Ledger ledger,
      Retirer retirer) {
    this.world = world;
    this.stager = stager;
    this.foreign = foreign;
    this.settings = settings;
    this.ledger = ledger;
    this.retirer = retirer;
  }

  /**
   * Up to the publish; callers are held from here until then.
   *
   * @param changes of plugins that cannot run twice
   * @throws SwapRefusedException when it fails; then the old ones answer again, and none of the new
   *     ones is left
   */
  void run(Draft draft, List<Change> changes) {
    long swap = draft.id();
    long held = System.nanoTime();
    List<LiveGeneration> olds = olds(changes);
    world.hold(olds);
    if (!isDrained(olds)) {
      String holders = holders(olds);
      world.resume(olds);
      stager.discard(swap, changes);
      String reason =
          "calls on what it replaces did not end within " + drainLimit().toMillis() + " ms";
      throw refused(changes, reason + holders, "that was not touched, and answers", held);
    }
    olds.forEach(old -> old.stage(Stage.DRAINED));
    try {
      stop(swap, changes);
      stager.start(draft, changes);
    } catch (RuntimeException | Error e) {
      stager.discard(swap, changes);
      throw refused(changes, reason(e), back(draft, changes), held);
    }
  }

  /**
   * The way back when the new ones are gone: starts the old ones again and releases the callers to
   * them.
   *
   * @return what became of it, in words
   */
  String back(Draft draft, List<Change> changes) {
    try {
      for (Change change : changes) {
        LiveGeneration old = change.old().orElseThrow();
        if (retirer.isHeld(old)) {
          restart(draft.id(), old, change.subject());
        } else {
          reinstall(draft, old);
        }
      }
      return "what it replaces was started again and answers";
    } catch (RuntimeException | Error e) {
      return "what it replaces did not start again either (" + reason(e) + ") and nothing answers";
    }
  }

  private void restart(long swap, LiveGeneration old, Subject subject) {
    old.stage(Stage.CURRENT); // from here on what it registers reaches callers
    Staged staged = retirer.held(old);
    within(
        "hotswap-restart-" + swap,
        () -> {
          staged.start(subject);
          return true;
        });
  }

  /** The framework allows one bundle of that name only, so the old one was uninstalled. */
  private void reinstall(Draft draft, LiveGeneration old) {
    Draft back = draft.again();
    back.continues(draft);
    Stager.Ready ready = stager.stageJars(back, new ArrayList<>(List.of(ledger.again(old))));
    world.tryPublish(ready.changes(), List.of());
  }

  private void stop(long swap, List<Change> changes) {
    within(
        "hotswap-stop-" + swap,
        () -> {
          for (Change change : changes) {
            stop(swap, change.old().orElseThrow());
          }
          return true;
        });
  }

  private void stop(long swap, LiveGeneration old) {
    if (!old.jar().isSingleton()) {
      retirer.held(old).stop();
      return;
    }
    try {
      retirer.reclaim(swap, old);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void within(String name, Supplier<Boolean> code) {
    Optional<Boolean> done = foreign.within(settings.startLimit(), name, code, late -> {});
    if (done.isEmpty()) {
      throw new IllegalStateException(
          "it took longer than " + settings.startLimit().toMillis() + " ms and was interrupted");
    }
  }

  private Duration drainLimit() {
    Duration half = settings.availability().dividedBy(2);
    return half.compareTo(settings.drainDeadline()) < 0 ? half : settings.drainDeadline();
  }

  private boolean isDrained(List<LiveGeneration> olds) {
    long end = System.nanoTime() + drainLimit().toNanos();
    try {
      for (LiveGeneration old : olds) {
        if (!Retirer.awaitDrained(old, Duration.ofNanos(end - System.nanoTime()))) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<LiveGeneration> olds(List<Change> changes) {
    List<LiveGeneration> olds = new ArrayList<>();
    changes.forEach(change -> change.old().ifPresent(olds::add));
    return olds;
  }

  private static String holders(List<LiveGeneration> olds) {
    List<String> names = new ArrayList<>();
    for (LiveGeneration old : olds) {
      for (Holder holder : old.holders()) {
        names.add(holder.label());
      }
    }
    return names.isEmpty() ? "" : ", held by " + String.join(", ", names);
  }

  private static String reason(Throwable thrown) {
    return thrown instanceof SwapRefusedException refused
        ? refused.refusal().why()
        : Thrown.asText(thrown);
  }

  private static SwapRefusedException refused(
      List<Change> changes, String reason, String back, long held) {
    Subject about = changes.get(0).subject();
    return new SwapRefusedException(
        new Refusal.NotHandedOver(about.what(), reason, back, Retirer.since(held), about.stands()));
  }
}
