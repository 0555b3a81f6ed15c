package dev.hotswap.gogo;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.ReceiptFormat;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swapper;
import dev.hotswap.api.Timings;
import java.util.Optional;

/** The record of one swap. */
final class ReceiptCommand implements Command {
  private final Swapper swapper;
  private final ReceiptFormat format;

  ReceiptCommand(Swapper swapper, ReceiptFormat format) {
    this.swapper = swapper;
    this.format = format;
  }

  @Override
  public Syntax syntax() {
    return Syntax.of(Kind.RECEIPT).with("--json");
  }

  @Override
  public int run(Arguments given, Console console) {
    long id = Arguments.number("id of a swap", given.operand(0));
    Optional<Receipt> receipt = swapper.receipt(id);
    if (receipt.isEmpty()) {
      console
          .err()
          .println("there is no receipt " + id + "; the last 100 are kept, and 'history' has them");
      return REFUSED;
    }
    if (given.has("--json")) {
      console.out().println(format.write(receipt.get()));
    } else {
      print(receipt.get(), console);
    }
    return DONE;
  }

  private static void print(Receipt receipt, Console console) {
    Receipt.Request request = receipt.request();
    String head = "swap " + receipt.id() + ": " + Words.of(receipt.outcome());
    console.out().println(Colour.BOLD.paint(head, console));
    line("asked by", Words.asked(receipt), console);
    line("at", Words.moment(request.at()), console);
    request.files().forEach(source -> line("file", source.file(), console));
    line("mode", receipt.mode().words(), console);
    receipt.refusal().ifPresent(refusal -> line("refusal", refusal.message(), console));
    for (Receipt.Change change : receipt.changes()) {
      String from = Words.label(change.from());
      line("change", change.plugin() + " " + from + " -> " + Words.label(change.to()), console);
      change.answeredBy().ifPresent(answer -> line("", "answered by " + answer, console));
      change.retirement().ifPresent(how -> line("", left(how), console));
    }
    line("took", timings(receipt.timings()), console);
    line("held", Words.time(receipt.longestHold()), console);
  }

  private static String left(Retirement how) {
    return how.generation().label()
        + " left: drained in "
        + Words.time(how.drain())
        + ", "
        + Words.calls(how.calls())
        + (how.keptBy().isEmpty() ? "" : ", kept by " + String.join(", ", how.keptBy()));
  }

  private static String timings(Timings timings) {
    return Words.time(timings.total())
        + ": turn "
        + Words.time(timings.turn())
        + ", read "
        + Words.time(timings.read())
        + ", plan "
        + Words.time(timings.plan())
        + ", prepare "
        + Words.time(timings.prepare())
        + ", start "
        + Words.time(timings.start())
        + ", check "
        + Words.time(timings.check())
        + ", publish "
        + Words.time(timings.publish())
        + ", probe "
        + Words.time(timings.probe());
  }

  private static void line(String head, String text, Console console) {
    console.out().printf("  %-9s %s%n", head, text);
  }
}
