package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a plugin that does not come up at a restart: its last swap is undone, with
 * whatever was swapped together with it, as in a rollback; where that does not come up either the
 * one before, too, and so on. Where nothing is left to undo the plugin is left out; the journal
 * goes on to name it, and the next restart tries it again. Used in turn.
 */
final class FallBack {
  private final BringUp bringUp;
  private final Ledger ledger;

  FallBack(BringUp bringUp, Ledger ledger) {
    this.bringUp = bringUp;
    this.ledger = ledger;
  }

  /**
   * @param failed is recorded as current, and did not come up
   * @param refusal why not
   * @param attempts as of {@link Restart#attempts}
   */
  void run(Generation failed, Refusal refusal, int attempts) {
    if (ledger.current(failed.plugin()).isPresent()) {
      return; // it was swapped together with another that has fallen back before it
    }
    Deployment recorded = ledger.deployment();
    Retreat retreat =
        new Retreat(
            recorded.pasts(),
            name -> Optional.ofNullable(recorded.current().get(name)),
            failed.plugin());
    Optional<Generation> back = Optional.empty();
    while (back.isEmpty() && retreat.further().isEmpty() && retreat.at().isPresent()) {
      back = tryBringUp(failed.plugin(), retreat.undone(), attempts);
    }
    bringUp.tellFallBack(failed, back, refusal);
  }

  private Optional<Generation> tryBringUp(String plugin, List<Pasts.Past> undone, int attempts) {
    boolean deadly =
        Pasts.before(undone).values().stream()
            .flatMap(Optional::stream)
            .anyMatch(old -> ledger.deployment().died(old) >= attempts);
    try {
      return deadly ? Optional.empty() : Optional.of(bringUp.back(plugin, undone));
    } catch (SwapRefusedException e) {
      return Optional.empty();
    }
  }
}
