package dev.hotswap.gogo;

import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Swapper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What could not be used or drained, with the reasons: files, swaps and generations. */
final class RefusedCommand implements Command {
  private final Swapper swapper;
  private final Quarantine quarantine;

  RefusedCommand(Swapper swapper, Quarantine quarantine) {
    this.swapper = swapper;
    this.quarantine = quarantine;
  }

  /**
   * One of them.
   *
   * @param file where it lies now
   * @param receipt of the swap that was refused
   */
  private record Row(
      Instant at,
      String what,
      String why,
      String state,
      String next,
      Optional<Path> file,
      Optional<Receipt> receipt) {
    static Row of(Quarantine.Case found, Optional<Receipt> receipt) {
      return new Row(
          found.at(),
          found.what(),
          found.why(),
          found.state(),
          found.next(),
          found.file(),
          receipt);
    }

    static Row of(Receipt receipt) {
      Refusal refusal = receipt.refusal().orElseThrow();
      return new Row(
          receipt.request().at(),
          refusal.what(),
          refusal.why(),
          refusal.state(),
          refusal.next(),
          Optional.empty(),
          Optional.of(receipt));
    }

    static Row of(Snapshot.Tainted tainted) {
      return new Row(
          tainted.at(),
          tainted.generation().toString(),
          "it was forced with " + tainted.calls().inFlight() + " calls inside",
          "it is tainted: those calls may fail, or work with what is closed",
          "Look at who called it; where its classes stay in memory, restart when that suits.",
          Optional.empty(),
          Optional.empty());
    }

    String message() {
      return why + "; " + state + ". " + next;
    }
  }

  @Override
  public Syntax syntax() {
    return Syntax.NOTHING.with("--json");
  }

  @Override
  public int run(Arguments given, Console console) {
    List<Row> rows = rows();
    if (given.has("--json")) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("schema", "hotswap-refused/1");
      map.put("refused", rows.stream().map(RefusedCommand::json).toList());
      console.out().println(Json.write(map));
      return DONE;
    }
    if (rows.isEmpty()) {
      console.out().println("nothing was refused, as far as is remembered");
    }
    rows.forEach(row -> print(row, console));
    return DONE;
  }

  /** A file that a swap refused is one row, with the swap; the newest first. */
  private List<Row> rows() {
    List<Receipt> receipts = new ArrayList<>(swapper.receipts());
    receipts.removeIf(receipt -> receipt.refusal().isEmpty());
    List<Row> rows = new ArrayList<>();
    List<Receipt> told = new ArrayList<>();
    for (Quarantine.Case found : quarantine.cases()) {
      Optional<Receipt> receipt =
          receipts.stream().filter(each -> isAbout(each, found)).findFirst();
      receipt.ifPresent(told::add);
      rows.add(Row.of(found, receipt));
    }
    receipts.removeAll(told);
    receipts.forEach(receipt -> rows.add(Row.of(receipt)));
    swapper.snapshot().tainted().forEach(tainted -> rows.add(Row.of(tainted)));
    rows.sort(Comparator.comparing(Row::at).reversed());
    return rows;
  }

  /** The one was refused by the other. */
  private static boolean isAbout(Receipt receipt, Quarantine.Case found) {
    Refusal refusal = receipt.refusal().orElseThrow();
    return refusal.what().equals(found.what())
        && refusal.why().equals(found.why())
        && !found.at().isBefore(receipt.request().at());
  }

  private static void print(Row row, Console console) {
    String swap =
        row.receipt()
            .map(receipt -> ", swap " + receipt.id() + " asked by " + Words.asked(receipt))
            .orElse("");
    console
        .out()
        .println(Colour.BOLD.paint(Words.moment(row.at()) + " " + row.what() + swap, console));
    row.file().ifPresent(file -> console.out().println("  lies in " + file));
    row.receipt().stream()
        .flatMap(receipt -> receipt.request().files().stream())
        .forEach(file -> console.out().println("  file " + file.file()));
    console.out().println("  " + row.message());
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("at", row.at().toString());
    map.put("what", row.what());
    map.put("why", row.why());
    map.put("state", row.state());
    map.put("next", row.next());
    map.put("file", row.file().map(Path::toString).orElse(null));
    map.put("swap", row.receipt().map(Receipt::id).orElse(null));
    map.put("by", row.receipt().map(found -> found.request().asked().by()).orElse(null));
    return map;
  }
}
