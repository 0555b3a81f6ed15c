package dev.hotswap.itest;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host that swaps under load is killed, as often as the system property {@code torture.kills}
 * says; then others come to an end, or to an error, at a step of what they do to the disk: at each
 * one where {@code torture.every} is 1, else at every so manieth. The moments of the kills are up
 * to the machine; the deeds and steps depend on {@code torture.seed} only.
 */
class TortureIT {
  private static final int KILLS = Integer.getInteger("torture.kills", 8);
  private static final int EVERY = Integer.getInteger("torture.every", 20);
  private static final long SEED =
      Long.getLong("torture.seed", new SplittableRandom().nextInt(1_000_000_000));

  @TempDir Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void whereverAHostDiesTheNextOneBeginsWithTheOldOrTheNew() {
    String how = "torture.kills=" + KILLS + " torture.every=" + EVERY + " torture.seed=" + SEED;
    System.out.println("TortureIT: " + how);
    try (Torture torture = new Torture(folder, SEED)) {
      try {
        run(torture);
        System.out.println("TortureIT: " + how + " " + torture.story());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(how + " " + torture.story() + ": " + e.getMessage(), e);
      }
    }
  }

  private static void run(Torture torture) throws Exception {
    for (int i = 0; i < KILLS; i++) {
      torture.kill();
    }
    torture.live();
    int first = new SplittableRandom(SEED).nextInt(EVERY);
    int steps = 1 + first;
    while (torture.diesAt(steps)) {
      steps += EVERY;
    }
    for (String end : List.of("ERROR", "FULL")) {
      for (int step = 1 + first; step < steps; step += EVERY) {
        torture.failAt(step, end);
      }
      torture.live();
    }
  }
}
