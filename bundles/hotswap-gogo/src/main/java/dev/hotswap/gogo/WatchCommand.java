package dev.hotswap.gogo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hotswap.api.Subscription;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Swapper;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Every event as it comes, until a key is pressed. */
final class WatchCommand implements Command {
  private static final int BEHIND_AT_MOST = 1000;
  private static final long LOOK_MILLIS = 100;

  private final Swapper swapper;

  WatchCommand(Swapper swapper) {
    this.swapper = swapper;
  }

  @Override
  public Syntax syntax() {
    return Syntax.NOTHING;
  }

  @Override
  public int run(Arguments given, Console console) throws InterruptedException {
    // swaps wait for their listeners, and must not wait for a slow terminal
    BlockingQueue<SwapEvent> events = new LinkedBlockingQueue<>(BEHIND_AT_MOST);
    AtomicLong missed = new AtomicLong();
    try (Subscription own =
        swapper.subscribe(
            event -> {
              if (!events.offer(event)) {
                missed.incrementAndGet();
              }
            })) {
      if (console.isTerminal()) {
        console.out().println("events as they come; any key ends this");
      }
      while (!console.awaitKey(Duration.ZERO)) {
        SwapEvent event = events.poll(LOOK_MILLIS, MILLISECONDS);
        if (event != null) {
          print(event, console);
        }
        long lost = missed.getAndSet(0);
        if (lost > 0) {
          console.out().println("(" + lost + " events are left out: this terminal is too slow)");
        }
      }
    }
    return DONE;
  }

  private static void print(SwapEvent event, Console console) {
    String text = Words.of(event);
    String swap = event.swap() == 0 ? "" : " swap " + event.swap();
    console
        .out()
        .println(
            Words.clock(event.at())
                + swap
                + " "
                + (Words.isBad(event) ? Colour.RED.paint(text, console) : text));
  }
}
