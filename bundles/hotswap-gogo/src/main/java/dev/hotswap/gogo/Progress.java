package dev.hotswap.gogo;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Swapper;
import java.util.function.Supplier;

/** Shows a swap while it goes on: each event as it comes, and what it came to. */
final class Progress {
  private Progress() {}

  /**
   * @param swap asks for it, on this thread
   * @return the exit status
   */
  static int show(Swapper swapper, Console console, Supplier<Swap> swap) {
    Thread asker = Thread.currentThread();
    Receipt receipt;
    try (Subscription own =
        swapper.subscribe(
            event -> {
              // a swap is carried out by who asks for it: what others tell is not about this one
              if (Thread.currentThread() == asker && isProgress(event)) {
                console.out().println("  " + Words.of(event));
              }
            })) {
      receipt = swap.get().receipt();
    }
    console.out().println(outcome(receipt, console));
    return Command.DONE;
  }

  /** What the outcome does not say. */
  private static boolean isProgress(SwapEvent event) {
    return !(event instanceof SwapEvent.Refused);
  }

  private static String outcome(Receipt receipt, Console console) {
    return Colour.GREEN.paint(Words.of(receipt.outcome()), console)
        + " in "
        + Words.time(receipt.timings().total())
        + "; 'receipt "
        + receipt.id()
        + "' has the record";
  }
}
