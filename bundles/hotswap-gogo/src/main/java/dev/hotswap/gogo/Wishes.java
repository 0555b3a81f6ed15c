package dev.hotswap.gogo;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import java.util.List;
import java.util.Optional;

/**
 * By which swap each generation came, as far as the receipts go back.
 *
 * @param receipts newest first
 */
record Wishes(List<Receipt> receipts) {
  Optional<Receipt> of(Generation generation) {
    return receipts.stream()
        .filter(receipt -> receipt.outcome() != Receipt.Outcome.UNCHANGED)
        .filter(
            receipt ->
                receipt.changes().stream()
                    .anyMatch(change -> change.to().filter(generation::equals).isPresent()))
        .findFirst();
  }

  /** How many of them changed the plugin. */
  long swapsOf(String plugin) {
    return receipts.stream()
        .filter(receipt -> receipt.outcome() != Receipt.Outcome.UNCHANGED)
        .filter(receipt -> receipt.outcome() != Receipt.Outcome.REFUSED)
        .filter(receipt -> receipt.change(plugin).isPresent())
        .count();
  }
}
