package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What can be undone of swaps of one plugin and of several. */
class PastsTest {
  private Pasts pasts = Pasts.NONE;
  private long number;

  @Test
  void lastSwapOfAPluginIsTheNewestThatItWasPartOf() {
    swapOf("a");
    Pasts.Past both = swapOf("a", "b");
    Pasts.Past other = swapOf("c");

    assertThat(pasts.last("a")).contains(both);
    assertThat(pasts.last("b")).contains(both);
    assertThat(pasts.last("c")).contains(other);
    assertThat(pasts.last("d")).isEmpty();
  }

  @Test
  void undoneSwapIsUndoneForAllItsPlugins() {
    Pasts.Past first = swapOf("a");
    Pasts.Past both = swapOf("a", "b");

    pasts = pasts.undone(List.of(both), List.of());

    assertThat(pasts.last("a")).contains(first);
    assertThat(pasts.last("b")).isEmpty();
  }

  @Test
  void swapThatIsTooOldForOnePluginIsForgottenForTheOthersToo() {
    swapOf("a", "b");
    swapOf("a");
    assertThat(pasts.atMost(2).last("b")).isPresent();

    swapOf("a");

    assertThat(pasts.atMost(2).last("b")).isEmpty();
    assertThat(pasts.atMost(2).all()).hasSize(2);
  }

  @Test
  void whatIsPublishedByARollbackStandsForWhatItBringsBack() {
    Generation first = generation("a", 1);
    Generation second = generation("a", 2);
    Generation third = generation("a", 3);
    Pasts.Past one = past(Optional.empty(), first);
    Pasts.Past two = past(Optional.of(first), second);
    Pasts.Past three = past(Optional.of(second), third);
    pasts = pasts.with(one).with(two).with(three);
    Generation fourth = generation("a", 4);

    assertThat(pasts.undone(List.of(three), List.of(fourth)).last("a"))
        .contains(past(Optional.of(first), fourth));
    assertThat(pasts.undone(List.of(three, two), List.of(fourth)).all())
        .containsExactly(past(Optional.empty(), fourth));
  }

  private static Pasts.Past past(Optional<Generation> before, Generation after) {
    return new Pasts.Past(List.of(new Pasts.Part(before, after)));
  }

  private Pasts.Past swapOf(String... plugins) {
    number++;
    List<Pasts.Part> parts = new ArrayList<>();
    for (String plugin : plugins) {
      parts.add(new Pasts.Part(Optional.empty(), generation(plugin, number)));
    }
    Pasts.Past past = new Pasts.Past(parts);
    pasts = pasts.with(past);
    return past;
  }

  private static Generation generation(String plugin, long number) {
    return new Generation(plugin, number, "1.0.0", "0".repeat(64));
  }
}
