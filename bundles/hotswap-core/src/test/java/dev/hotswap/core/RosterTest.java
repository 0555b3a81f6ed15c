package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RosterTest {
  private final Roster roster = new Roster();

  /** Two unloads at once settled what each had kept, and the second failed with the first's. */
  @Test
  void generationThatIsGoneMayBeEndedOnceMore() {
    Jar jar = new Jar(Path.of("none"), "greeter", "1.0.0", "0".repeat(64), Map.of());
    LiveGeneration first = roster.begin(jar, false, 1);
    assertThat(roster.end(first)).isTrue();
    assertThat(roster.end(first)).isFalse();
    assertThat(roster.all()).isEmpty();
  }
}
