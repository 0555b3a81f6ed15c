package dev.hotswap.examples.app;

import dev.hotswap.api.Calls;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The main job on one screen: callers call, the plugin is swapped under them, a broken release is
 * refused, and in the end everything is counted.
 */
final class Demo {
  private static final Duration STEP = Duration.ofMillis(200);
  private static final Duration RECLAIM_LIMIT = Duration.ofSeconds(30);

  private final AppFolder app;
  private final PrintStream out;
  private final Tally tally = new Tally(System.nanoTime());
  private final Loaders loaders = new Loaders();
  private final List<String> mishaps = new ArrayList<>();

  Demo(AppFolder app, PrintStream out) {
    this.app = app;
    this.out = out;
  }

  /** Runs it and prints how it goes; the outcome is the last line. */
  Outcome run(Duration length, boolean live) throws InterruptedException {
    try (Host host = app.openHost()) {
      Swaps swaps = new Swaps(host, tally);
      swaps.deploy(app.v1());
      try (Callers callers = Callers.start(host.handle(Rules.class), tally, loaders)) {
        out.printf(
            "%d threads call the plugin without pause; it is swapped every %d ms for %d s.%n",
            callers.count(), STEP.toMillis(), length.toSeconds());
        keepSwapping(swaps, callers, new Pace(STEP, length), new LiveLine(out, live));
      }
      out.print(live ? System.lineSeparator() : "");
      return report(swaps);
    }
  }

  private void keepSwapping(Swaps swaps, Callers callers, Pace pace, LiveLine line)
      throws InterruptedException {
    callers.callOnce();
    boolean brokenTried = false;
    while (pace.awaitBeat()) {
      if (!brokenTried && pace.isHalfOver()) {
        brokenTried = true;
        tryBroken(swaps, line);
      }
      swaps
          .swap(swaps.count() % 2 == 0 ? app.v2() : app.v1())
          .ifPresent(refusal -> mishaps.add("a good release was refused: " + refusal));
      callers.callOnce();
      line.show(swaps.moment(pace.elapsed()));
    }
  }

  private void tryBroken(Swaps swaps, LiveLine line) {
    swaps
        .swap(app.broken())
        .ifPresentOrElse(line::say, () -> mishaps.add("the broken release was not refused"));
  }

  private Outcome report(Swaps swaps) throws InterruptedException {
    try {
      swaps.awaitReclaimed(RECLAIM_LIMIT);
    } catch (TimeoutException e) {
      mishaps.add(e.getMessage());
    }
    tally.firstFailure().ifPresent(thrown -> mishaps.add("the first failed call: " + thrown));
    Outcome outcome = outcome(swaps, loaders.awaitCollected(1));
    Table.of(swaps.lifetimes(), swaps.times()).forEach(out::println);
    outcome.broken().forEach(promise -> out.println("broken: " + promise));
    out.println(outcome.line());
    return outcome;
  }

  private Outcome outcome(Swaps swaps, int liveLoaders) {
    Calls counted = Table.sum(swaps.lifetimes());
    return new Outcome(
        swaps.count(),
        tally.calls(),
        counted.started(),
        counted.returned(),
        tally.failed(),
        tally.stale(),
        tally.mixed(),
        liveLoaders,
        mishaps);
  }
}
