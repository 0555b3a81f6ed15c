package dev.hotswap.gogo;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.hotswap.api.Receipt;
import dev.hotswap.api.Step;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.Swapper;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * Shows a swap while it goes on: each event as it comes, and what it waits for, where that takes
 * long. A thread of its own prints, and ends with the swap: a swap waits for its listeners, and
 * must not wait for a slow terminal.
 */
final class Progress implements SwapListener {
  private static final String OVER_LINE = "\r";
  private static final String CLEAR_LINE = "\u001b[K";

  /**
   * How often it says what the swap waits for.
   *
   * @param terminal on a terminal, where one line is written over again
   * @param elsewhere where each time is another line
   */
  record Pace(Duration terminal, Duration elsewhere) {
    static final Pace USUAL = new Pace(Duration.ofMillis(200), Duration.ofSeconds(5));

    Duration of(Console console) {
      return console.isTerminal() ? terminal : elsewhere;
    }
  }

  private record Since(Step step, long nanos) {}

  private final Thread asker = Thread.currentThread();
  private final Console console;
  private final Duration period;
  private final BlockingQueue<Optional<SwapEvent>> events = new LinkedBlockingQueue<>();
  private volatile Since since = new Since(Step.TURN, System.nanoTime());
  private boolean isTicking; // used by the printing thread only

  private Progress(Console console, Pace pace) {
    this.console = console;
    this.period = pace.of(console);
  }

  /**
   * @param swap asks for it, on this thread
   * @return the exit status
   */
  static int show(Swapper swapper, Console console, Supplier<Swap> swap) {
    Receipt receipt = follow(swapper, console, Pace.USUAL, swap).receipt();
    console.out().println(outcome(receipt, console));
    return Command.DONE;
  }

  /** Shows whatever takes a turn, on this thread. */
  static <T> T follow(Swapper swapper, Console console, Supplier<T> work) {
    return follow(swapper, console, Pace.USUAL, work);
  }

  static <T> T follow(Swapper swapper, Console console, Pace pace, Supplier<T> work) {
    Progress progress = new Progress(console, pace);
    Thread printer = new Thread(progress::print, "hotswap-shell-progress");
    printer.setDaemon(true);
    printer.start();
    try (Subscription own = swapper.subscribe(progress)) {
      return work.get();
    } finally {
      progress.events.add(Optional.empty());
      join(printer);
    }
  }

  private static void join(Thread printer) {
    try {
      printer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the rest comes when the terminal takes it
    }
  }

  /** A swap is carried out by who asks for it: what other threads tell is not about this one. */
  @Override
  public void on(SwapEvent event) {
    boolean isSaidLater = event instanceof SwapEvent.Refused;
    if (Thread.currentThread() == asker && !isSaidLater) {
      events.add(Optional.of(event));
    }
  }

  @Override
  public void entered(Step step) {
    if (Thread.currentThread() == asker) {
      since = new Since(step, System.nanoTime());
    }
  }

  private void print() {
    try {
      long due = System.nanoTime() + period.toNanos();
      while (true) {
        Optional<SwapEvent> next = events.poll(due - System.nanoTime(), NANOSECONDS);
        if (next == null) {
          tick();
          due = System.nanoTime() + period.toNanos();
        } else if (next.isEmpty()) {
          clear();
          return;
        } else {
          clear();
          console.out().println("  " + Words.of(next.get()));
        }
      }
    } catch (InterruptedException e) {
      return; // nobody does that
    }
  }

  private void tick() {
    Since now = since;
    String waited = Words.lasting(Duration.ofNanos(System.nanoTime() - now.nanos));
    String line = "  " + Words.of(now.step) + ", " + waited;
    if (console.isTerminal()) {
      String cut = line.substring(0, Math.min(line.length(), console.width() - 1));
      console.out().print(OVER_LINE + Colour.YELLOW.paint(cut, console) + CLEAR_LINE);
      console.out().flush();
      isTicking = true;
    } else {
      console.out().println(line);
    }
  }

  /** What comes next stands in place of the line that ticks. */
  private void clear() {
    if (isTicking) {
      console.out().print(OVER_LINE + CLEAR_LINE);
      console.out().flush();
      isTicking = false;
    }
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
