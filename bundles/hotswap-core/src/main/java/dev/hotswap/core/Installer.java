package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.SwapRefusedException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The framework's side of a swap. One swap at a time prepares; reclaims run beside it. */
public interface Installer {
  /**
   * Finds out what a swap of these jars takes, without changing anything.
   *
   * @param jars of different plugins
   * @param current the current generation of a plugin
   */
  SetPlan plan(List<Jar> jars, Function<String, Optional<LiveGeneration>> current);

  /**
   * Installs and resolves the generations together, beside what runs. Leaves nothing behind when it
   * refuses. No code of theirs runs.
   *
   * @param set the new generations, each with what a refusal would speak about, those first that
   *     others are wired to
   * @return what the framework holds of each, in the same order
   * @throws SwapRefusedException when one of them cannot be installed or resolved
   */
  List<Staged> prepare(List<Newcomer> set);

  /**
   * A generation that is to be brought up.
   *
   * @param subject what a refusal would speak about
   */
  record Newcomer(LiveGeneration generation, Subject subject) {}

  /** Those that are wired to what the framework holds of a generation, itself excluded. */
  List<LiveGeneration> dependents(LiveGeneration provider);

  /** The names of the contracts whose services are looked for, sorted. */
  List<String> contracts();

  /** The generation whose bundle defined the class; empty where no plugin did. */
  Optional<Generation> definedBy(Class<?> type);
}
