package dev.hotswap.itest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Has hosts on one data folder die one after the other, and follows what each says: the next one
 * must begin with what the one before had last said was so, or with what it was about to do.
 */
final class Torture implements AutoCloseable {
  private final Path data;
  private final Path releases;
  private final SplittableRandom random;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<String> last = new ArrayList<>();
  private List<String> possible = List.of("{}"); // what is current, and what is being done
  private final List<String> inDoubt = new ArrayList<>();
  private int kills;
  private int whileOpening;
  private int inADeed;
  private int intoTheNew;
  private int deeds;
  private int refused;

  Torture(Path folder, long seed) {
    this.data = folder.resolve("data");
    this.releases = folder;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < Tortured.RELEASES; i++) {
      PluginJar.greeter("1.0." + i).in(releases);
      PluginJar.named("clock", "1.0." + i).activator("ClockActivator").in(releases);
    }
  }

  /** Kills a host at a moment of its own. */
  void kill() throws IOException, InterruptedException {
    run(1_000, 0, "none", random.nextInt(5) == 0);
  }

  /** Has a host die at that step of its work on the disk; answers whether it came so far. */
  boolean diesAt(int step) throws IOException, InterruptedException {
    return run(6, step, "DEATH", false) != 0;
  }

  /** Has the disk of a host fail from that step on, in that way. */
  void failAt(int step, String how) throws IOException, InterruptedException {
    if (run(6, step, how, false) != 0) {
      throw new AssertionError(last.toString());
    }
  }

  private int run(int most, int step, String how, boolean early)
      throws IOException, InterruptedException {
    last.clear();
    boolean killed = step == 0 && most > 100;
    try (ChildJvm child =
        ChildJvm.start(
            Tortured.class,
            data.toString(),
            releases.toString(),
            String.valueOf(random.nextLong()),
            String.valueOf(most),
            String.valueOf(step),
            how)) {
      ScheduledFuture<?> killing = killed && early ? killIn(child, 300, 1_200) : null;
      boolean opened = false;
      boolean about = false;
      for (String line = child.read(); line != null; line = child.read()) {
        last.add(line);
        if (line.startsWith("opened ")) {
          opened = true;
          opened(line.substring("opened ".length()));
          killing = killed && killing == null ? killIn(child, 0, 500) : killing;
        } else if (line.startsWith("about ")) {
          about = true;
          possible = List.of(possible.get(0), line.substring("about ".length()));
        } else if (line.startsWith("done ")) {
          about = false;
          done(line.substring("done ".length()));
        } else if (line.startsWith("refused ")) {
          about = false;
          refused(line);
        } else if (line.startsWith("wrong: ")) {
          throw new AssertionError(last.toString());
        }
      }
      int exit = child.waitFor();
      if (exit != 0) {
        kills++;
        whileOpening += opened ? 0 : 1;
        inADeed += about ? 1 : 0;
      }
      if (killing != null) {
        killing.cancel(false);
      }
      return exit;
    }
  }

  private ScheduledFuture<?> killIn(ChildJvm child, int from, int to) {
    return clock.schedule(child::kill, random.nextInt(from, to), TimeUnit.MILLISECONDS);
  }

  private void opened(String state) {
    if (!possible.contains(state) && !inDoubt.contains(state)) {
      throw new AssertionError(
          "it begins with " + state + " and not with one of " + possible + inDoubt);
    }
    intoTheNew += possible.get(0).equals(state) ? 0 : 1;
    possible = List.of(state);
    inDoubt.clear();
  }

  private void done(String state) {
    if (!state.equals(possible.get(1))) {
      throw new AssertionError("not done: " + possible.get(1) + " but " + state);
    }
    deeds++;
    possible = List.of(state);
    inDoubt.clear();
  }

  private void refused(String line) {
    if (!line.startsWith("refused " + possible.get(0) + " ")) {
      throw new AssertionError(line + ", and " + possible.get(0) + " was current");
    }
    refused++;
    if (line.contains("may find this done")) {
      inDoubt.add(possible.get(1));
    }
    possible = List.of(possible.get(0));
  }

  /** A host that nobody kills. */
  void live() throws IOException, InterruptedException {
    if (run(3, 0, "none", false) != 0) {
      throw new AssertionError(last.toString());
    }
  }

  String story() {
    return "kills="
        + kills
        + " while-opening="
        + whileOpening
        + " in-a-deed="
        + inADeed
        + " came-up-new="
        + intoTheNew
        + " deeds="
        + deeds
        + " refused="
        + refused
        + " last="
        + last;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
