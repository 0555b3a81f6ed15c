package dev.hotswap.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is deployed, at one moment.
 *
 * @param at the moment
 * @param plugins every plugin with a live generation, by name
 * @param tainted every generation that was ever forced, oldest first, also when it is gone; they
 *     are listed as long as the host lives
 * @param reclaimed what has become of the classes of those that have left
 */
public record Snapshot(
    Instant at, List<Plugin> plugins, List<Tainted> tainted, Reclaimed reclaimed) {
  public Snapshot {
    plugins = List.copyOf(plugins);
    tainted = List.copyOf(tainted);
  }

  /** One of a host that nothing has left. */
  public Snapshot(Instant at, List<Plugin> plugins, List<Tainted> tainted) {
    this(at, plugins, tainted, Reclaimed.NOTHING);
  }

  /** The same, with what has become of the classes of those that have left. */
  public Snapshot with(Reclaimed left) {
    return new Snapshot(at, plugins, tainted, left);
  }

  /** The plugin of that name, if it has a live generation. */
  public Optional<Plugin> plugin(String name) {
    return plugins.stream().filter(plugin -> plugin.name().equals(name)).findFirst();
  }

  /**
   * One plugin.
   *
   * @param name the bundle symbolic name
   * @param generations its live generations, oldest first
   */
  public record Plugin(String name, List<Live> generations) {
    public Plugin {
      generations = List.copyOf(generations);
    }

    /** The generation that new calls reach. */
    public Optional<Generation> current() {
      return generations.stream()
          .filter(live -> live.stage() == Stage.CURRENT)
          .map(Live::generation)
          .findFirst();
    }
  }

  /**
   * One live generation.
   *
   * @param generation which
   * @param stage where it stands
   * @param calls its calls so far
   * @param holders who is inside what it no longer offers to new calls, as far as it is known; at
   *     most 100 of them. Empty while it offers everything. Each costs the taking of one stack
   * @param asked whose wish it was that it became current, also of a host before this one on the
   *     same data folder. Empty until it has, and where nobody has recorded it
   */
  public record Live(
      Generation generation,
      Stage stage,
      Calls calls,
      List<Holder> holders,
      Optional<Asked> asked) {
    public Live {
      holders = List.copyOf(holders);
    }

    /**
     * How many are in flight that {@code holders} does not name; 0 unless it is draining or forced.
     */
    public long unnamed() {
      boolean leaving = stage == Stage.DRAINING || stage == Stage.FORCED;
      return leaving ? Math.max(0, calls.inFlight() - holders.size()) : 0;
    }
  }

  /**
   * A generation that was reclaimed although calls were inside. What those still do is not vouched
   * for.
   *
   * @param generation which
   * @param at when it was forced
   * @param calls its calls at that moment; those in flight were cut off
   */
  public record Tainted(Generation generation, Instant at, Calls calls) {}

  /**
   * What has become of the classes of reclaimed generations.
   *
   * @param watched those that the JVM has not unloaded, oldest first
   * @param count how many came to which end
   */
  public record Reclaimed(List<Leaks.Watched> watched, Leaks.Count count) {
    /** Nothing was reclaimed. */
    public static final Reclaimed NOTHING = new Reclaimed(List.of(), new Leaks.Count(0, 0, 0));

    public Reclaimed {
      watched = List.copyOf(watched);
    }

    /** Those of the plugin. */
    public List<Leaks.Watched> of(String plugin) {
      return watched.stream().filter(each -> each.generation().plugin().equals(plugin)).toList();
    }
  }
}
