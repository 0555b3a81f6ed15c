package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Plan;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plugin has at most two live generations here. */
class PlacesTest {
  private final Roster roster = new Roster();
  private long numbers;
  private final Places places = new Places(2, roster);
  private final Crew crew = new Crew();

  @AfterEach
  void dismissCrew() {
    crew.close();
  }

  private LiveGeneration live(String plugin, Stage stage) {
    LiveGeneration generation = roster.begin(jar(plugin), false, ++numbers);
    generation.stage(stage);
    return generation;
  }

  private static Jar jar(String plugin) {
    return new Jar(Path.of(plugin), plugin, "1.0.0", "0".repeat(64), Map.of());
  }

  private static SetPlan plan(Plan.Kind kind, String... plugins) {
    return new SetPlan(
        List.of(plugins).stream()
            .map(plugin -> new SetPlan.Member(jar(plugin), kind, Optional.empty(), "asked for"))
            .toList(),
        List.of(),
        List.of());
  }

  private Places.Wish wish(String... plugins) {
    Places.Wish wish = new Places.Wish();
    places.require(wish, plan(Plan.Kind.NEW_GENERATION, plugins));
    return wish;
  }

  private Places.Wish refusedWish(String... plugins) {
    Places.Wish wish = new Places.Wish();
    assertThatThrownBy(() -> places.require(wish, plan(Plan.Kind.NEW_GENERATION, plugins)))
        .isInstanceOf(Places.FullException.class);
    return wish;
  }

  @Test
  void currentDrainingAndStagedTakePlacesOthersDoNot() {
    live("p", Stage.CURRENT);
    for (Stage stage : List.of(Stage.STANDBY, Stage.DRAINED, Stage.FORCED)) {
      live("p", stage);
    }
    assertThatCode(() -> wish("p")).doesNotThrowAnyException();

    for (Stage stage : List.of(Stage.DRAINING, Stage.STAGED)) {
      LiveGeneration one = live("p", stage);
      places.end(refusedWish("p"));
      roster.end(one);
    }
    assertThatCode(() -> wish("p")).doesNotThrowAnyException();
  }

  @Test
  void bytesThatAreCurrentNeedNoPlace() {
    live("p", Stage.CURRENT);
    live("p", Stage.DRAINING);

    assertThatCode(() -> places.require(new Places.Wish(), plan(Plan.Kind.SAME_BYTES, "p")))
        .doesNotThrowAnyException();
  }

  @Test
  void placeThatIsFreedIsHeardOf() throws Exception {
    live("p", Stage.CURRENT);
    LiveGeneration draining = live("p", Stage.DRAINING);
    Places.Wish wish = refusedWish("p");
    Crew.Member<Boolean> waiter =
        crew.call("waiter", () -> places.await(wish, Crew.LIMIT.multipliedBy(2)));
    waiter.awaitParked();

    draining.stage(Stage.DRAINED);
    places.freed();

    assertThat(waiter.join()).isTrue();
  }

  @Test
  void laterWishWaitsBehindAnEarlierOneForTheSamePluginOnly() throws Exception {
    live("p", Stage.CURRENT);
    LiveGeneration draining = live("p", Stage.DRAINING);
    Places.Wish first = refusedWish("p", "q");
    draining.stage(Stage.DRAINED);

    Places.Wish second = refusedWish("q");
    wish("r");

    assertThat(places.await(second, Duration.ZERO)).isFalse();
    assertThat(places.await(first, Duration.ZERO)).isTrue();
    places.end(first);
    assertThat(places.await(second, Duration.ZERO)).isTrue();
  }

  @Test
  void refusalNamesTheStagedAndTheUnnamed() {
    live("p", Stage.CURRENT);
    live("p", Stage.STAGED);
    Places.Wish wish = refusedWish("p");

    assertThat(places.refusal(wish, Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            Refusal.TooManyGenerations.class,
            refusal -> {
              assertThat(refusal.holders()).containsExactly("the staged p generation 2 (1.0.0)");
              assertThat(refusal.stands()).isPresent();
            });
  }
}
