package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Plan;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be undone of swaps of one plugin and of several. */
class HistoryTest {
  @TempDir Path folder;
  private History history;
  private long number;

  @BeforeEach
  void open() {
    history = new History(new Ledger(new ContentStore(folder), InstantSource.system(), 4), 2);
  }

  @Test
  void lastSwapOfAPluginIsTheNewestThatItWasPartOf() {
    history.add(swapOf("a"));
    History.Past both = history.add(swapOf("a", "b"));
    History.Past other = history.add(swapOf("c"));

    assertThat(history.last("a")).contains(both);
    assertThat(history.last("b")).contains(both);
    assertThat(history.last("c")).contains(other);
    assertThat(history.last("d")).isEmpty();
  }

  @Test
  void undoneSwapIsUndoneForAllItsPlugins() {
    History.Past first = history.add(swapOf("a"));
    History.Past both = history.add(swapOf("a", "b"));

    history.undone(both, List.of());

    assertThat(history.last("a")).contains(first);
    assertThat(history.last("b")).isEmpty();
  }

  @Test
  void swapThatIsTooOldForOnePluginIsForgottenForTheOthersToo() {
    history.add(swapOf("a", "b"));
    history.add(swapOf("a"));
    assertThat(history.last("b")).isPresent();

    history.add(swapOf("a"));

    assertThat(history.last("b")).isEmpty();
  }

  private List<Change> swapOf(String... plugins) {
    number++;
    List<Change> changes = new ArrayList<>();
    for (String plugin : plugins) {
      Jar jar = new Jar(folder.resolve(plugin), plugin, "1.0.0", "0".repeat(64), Map.of());
      SetPlan.Member member =
          new SetPlan.Member(jar, Plan.Kind.NEW_PLUGIN, Optional.empty(), "asked for");
      LiveGeneration next =
          new LiveGeneration(new Generation(plugin, number, "1.0.0", "0".repeat(64)));
      Subject subject = new Subject(plugin, Optional.empty());
      changes.add(new Change(member, next, subject, Set.of()));
    }
    return changes;
  }
}
