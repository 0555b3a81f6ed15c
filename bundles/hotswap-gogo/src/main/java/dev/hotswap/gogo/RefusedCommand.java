package dev.hotswap.gogo;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.Swapper;
import java.util.List;

/** The swaps that did not happen, with the reasons. */
final class RefusedCommand implements Command {
  private final Swapper swapper;

  RefusedCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.NOTHING;
  }

  @Override
  public int run(Arguments given, Console console) {
    List<Receipt> refused =
        swapper.receipts().stream().filter(receipt -> receipt.refusal().isPresent()).toList();
    if (refused.isEmpty()) {
      console.out().println("none of the last swaps was refused");
    }
    for (Receipt receipt : refused) {
      String head =
          "swap "
              + receipt.id()
              + ", "
              + Words.moment(receipt.request().at())
              + ", asked by "
              + Words.asked(receipt);
      console.out().println(Colour.BOLD.paint(head, console));
      receipt.request().files().forEach(file -> console.out().println("  file " + file.file()));
      console.out().println("  " + receipt.refusal().orElseThrow().message());
    }
    return DONE;
  }
}
