package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Snapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RosterTest {
  private final Roster roster = new Roster();

  /** Two unloads at once settled what each had kept, and the second failed with the first's. */
  @Test
  void generationThatIsGoneMayBeEndedOnceMore() {
    LiveGeneration first = roster.begin(jar(), false, 1);
    assertThat(roster.end(first)).isTrue();
    assertThat(roster.end(first)).isFalse();
    assertThat(roster.all()).isEmpty();
  }

  /** To count calls and to take stacks may take a while; nobody's swap waits for that. */
  @Test
  void snapshotOfAGenerationIsTakenUnderNoLockOfTheRoster() throws Exception {
    LiveGeneration slow = roster.begin(jar(), false, 1);
    try (Crew crew = new Crew()) {
      Crew.Member<Snapshot> looker;
      synchronized (slow) { // whoever counts its calls waits for that
        looker = crew.call("looker", () -> roster.snapshot(Instant.EPOCH));
        await().until(() -> looker.thread().getState() == Thread.State.BLOCKED);

        assertThat(crew.call("swapper", () -> roster.begin(jar(), false, 2)).join()).isNotNull();
      }
      assertThat(looker.join().plugin("greeter")).isPresent();
    }
  }

  private static Jar jar() {
    return new Jar(Path.of("none"), "greeter", "1.0.0", "0".repeat(64), Map.of());
  }
}
