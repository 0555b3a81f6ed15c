package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.SwapRefusedException;
import java.util.List;
import java.util.Optional;

/** The framework's side of a swap. One swap at a time stages; reclaims run beside it. */
public interface Installer {
  /**
   * Refuses names that cannot be swapped, before anything is done.
   *
   * @throws SwapRefusedException when the name belongs to a bundle that is never swapped
   */
  void checkSwappable(Jar jar, Subject subject);

  /**
   * Installs, resolves and starts the jar beside what runs, and offers its services to the world as
   * {@code generation}'s. Leaves nothing behind when it refuses.
   *
   * @throws SwapRefusedException when one of these fails
   */
  Staged stage(Jar jar, LiveGeneration generation, Subject subject);

  /** The names of the contracts whose services are looked for, sorted. */
  List<String> contracts();

  /** The generation whose bundle defined the class; empty where no plugin did. */
  Optional<Generation> definedBy(Class<?> type);
}
