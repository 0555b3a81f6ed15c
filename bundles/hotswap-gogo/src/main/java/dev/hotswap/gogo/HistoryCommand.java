package dev.hotswap.gogo;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.ReceiptFormat;
import dev.hotswap.api.Swapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The last swaps, newest first. */
final class HistoryCommand implements Command {
  private final Swapper swapper;
  private final ReceiptFormat format;

  HistoryCommand(Swapper swapper, ReceiptFormat format) {
    this.swapper = swapper;
    this.format = format;
  }

  @Override
  public Syntax syntax() {
    return Syntax.optionally(Kind.PLUGIN).with("--json");
  }

  @Override
  public int run(Arguments given, Console console) {
    Optional<String> plugin = given.given(0);
    List<Receipt> receipts =
        swapper.receipts().stream()
            .filter(receipt -> plugin.isEmpty() || isAbout(receipt, plugin.get()))
            .toList();
    if (given.has("--json")) {
      List<Object> all = new ArrayList<>();
      receipts.forEach(receipt -> all.add(new Json.Written(format.write(receipt))));
      console.out().println(Json.write(all));
    } else if (receipts.isEmpty()) {
      console.out().println("no swaps" + plugin.map(name -> " of " + name).orElse(""));
    } else {
      List<String> lines = table(receipts).lines();
      console.out().println(Colour.BOLD.paint(lines.get(0), console));
      lines.stream().skip(1).forEach(console.out()::println);
    }
    return DONE;
  }

  /** What is refused is named with its version: {@code greeter 2.0.1}. */
  private static boolean isAbout(Receipt receipt, String plugin) {
    return receipt.change(plugin).isPresent()
        || receipt
            .refusal()
            .filter(
                refusal -> refusal.what().equals(plugin) || refusal.what().startsWith(plugin + " "))
            .isPresent();
  }

  private static Table table(List<Receipt> receipts) {
    Table table = new Table("ID", "AT", "OUTCOME", "WHAT", "ASKED BY");
    for (Receipt receipt : receipts) {
      table.row(
          String.valueOf(receipt.id()),
          Words.moment(receipt.request().at()),
          Words.of(receipt.outcome()),
          what(receipt),
          Words.asked(receipt));
    }
    return table;
  }

  private static String what(Receipt receipt) {
    return receipt.changes().isEmpty()
        ? receipt.plugin()
        : receipt.changes().stream()
            .map(
                change ->
                    change.plugin()
                        + " "
                        + Words.label(change.from())
                        + " -> "
                        + Words.label(change.to()))
            .collect(Collectors.joining(", "));
  }
}
