package dev.hotswap.itest;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The storm, for as long as the system property {@code storm.seconds} says. What it does depends on
 * {@code storm.seed} only; how its callers meet it is up to the machine.
 */
class StormIT {
  private static final long SECONDS = Long.getLong("storm.seconds", 10);
  private static final long SEED =
      Long.getLong("storm.seed", new SplittableRandom().nextInt(1_000_000_000));

  @TempDir Path folder;

  @Test
  void promisesHoldWhateverIsDoneToThePlugins() {
    String how = "storm.seed=" + SEED + " storm.seconds=" + SECONDS;
    System.out.println("StormIT: " + how);
    Leftovers leftovers = new Leftovers();
    assertTimeoutPreemptively(Duration.ofSeconds(SECONDS + 180), () -> rage(how), how);
    leftovers.awaitNoThreads();
  }

  private void rage(String how) {
    try (Storm storm = new Storm(SEED, folder)) {
      try {
        storm.rage(Duration.ofSeconds(SECONDS));
        System.out.println("StormIT: " + how + " " + storm.story());
      } catch (Exception | AssertionError e) {
        System.out.println(storm.scene());
        String message = how + " " + storm.story() + ": " + e.getMessage();
        throw new AssertionError(message + "; " + storm.shortScene(), e);
      }
    }
  }
}
