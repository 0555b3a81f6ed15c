package dev.hotswap.core;

import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sees to it that no plugin has more live generations than it may. A swap that would add one too
 * many gives its turn back and waits here; those for the same plugin keep the order in which they
 * asked, and those for other plugins pass. Thread-safe.
 */
final class Places {
  private static final Set<Stage> TAKING = Set.of(Stage.STAGED, Stage.CURRENT, Stage.DRAINING);

  private final int most;
  private final Roster roster;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final List<Wish> waiting = new ArrayList<>();
  private boolean closed;

  Places(int most, Roster roster) {
    this.most = most;
    this.roster = roster;
  }

  /** One swap that needs places. It belongs to its asker's thread, but for its plugins. */
  static final class Wish {
    private Map<String, Jar> jars = Map.of(); // guarded by the lock of its places
  }

  /** The swap has to wait. */
  static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FullException() {
      super(null, null, false, false);
    }
  }

  /**
   * Asked in turn, so that those who find no place queue in the order of their turns.
   *
   * @throws FullException when a plugin of the plan has no place, or others wait for one before
   */
  void require(Wish wish, SetPlan plan) {
    Map<String, Jar> jars = new LinkedHashMap<>();
    for (SetPlan.Member member : plan.members()) {
      if (member.kind() != Plan.Kind.SAME_BYTES) {
        jars.put(member.jar().plugin(), member.jar());
      }
    }
    lock.lock();
    try {
      wish.jars = jars;
      if (hindrance(wish).isPresent()) {
        if (!waiting.contains(wish)) {
          waiting.add(wish);
        }
        throw new FullException();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is a place for each; false when the time is up first. */
  boolean await(Wish wish, Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (hindrance(wish).isPresent() && !closed) {
        if (left <= 0) {
          return false;
        }
        left = freed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The swap has got its places, or wants them no more. */
  void end(Wish wish) {
    lock.lock();
    try {
      waiting.remove(wish);
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A generation may have left. */
  void freed() {
    lock.lock();
    try {
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** For which plugins of a plan there is no place as things stand. */
  List<Plan.Wait> waits(List<SetPlan.Member> members) {
    List<Plan.Wait> waits = new ArrayList<>();
    for (SetPlan.Member member : members) {
      String plugin = member.jar().plugin();
      if (member.kind() != Plan.Kind.SAME_BYTES && taking(plugin).size() >= most) {
        waits.add(new Plan.Wait(plugin, most, holders(plugin)));
      }
    }
    return waits;
  }

  /** Why the wish was not granted. */
  Refusal refusal(Wish wish, Duration waited) {
    Jar jar;
    lock.lock();
    try {
      jar =
          hindrance(wish).map(wish.jars::get).orElseGet(() -> wish.jars.values().iterator().next());
    } finally {
      lock.unlock();
    }
    return new Refusal.TooManyGenerations(
        jar.label(),
        most,
        waited,
        holders(jar.plugin()),
        roster.current(jar.plugin()).map(LiveGeneration::generation));
  }

  /** Who keeps the generations of a plugin that are not current. */
  private List<String> holders(String plugin) {
    List<String> holders = new ArrayList<>();
    for (LiveGeneration live : taking(plugin)) {
      if (!live.isCurrent()) {
        holders.addAll(holders(live.snapshot()));
      }
    }
    return holders;
  }

  private static List<String> holders(Snapshot.Live live) {
    if (live.stage() == Stage.STAGED) {
      return List.of("the staged " + live.generation());
    }
    List<String> holders = new ArrayList<>();
    live.holders().forEach(holder -> holders.add(holder.label()));
    if (live.unnamed() > 0) {
      holders.add(live.unnamed() + " unnamed on " + live.generation());
    }
    return holders;
  }

  /** The first plugin without a place, or that others wait for. */
  private Optional<String> hindrance(Wish wish) {
    Set<String> plugins = wish.jars.keySet();
    for (Wish other : waiting) {
      if (other == wish) {
        break;
      }
      Optional<String> both =
          plugins.stream().filter(plugin -> other.jars.containsKey(plugin)).findFirst();
      if (both.isPresent()) {
        return both;
      }
    }
    return plugins.stream().filter(plugin -> taking(plugin).size() >= most).findFirst();
  }

  private List<LiveGeneration> taking(String plugin) {
    return roster.of(plugin).stream().filter(live -> TAKING.contains(live.stage())).toList();
  }
}
