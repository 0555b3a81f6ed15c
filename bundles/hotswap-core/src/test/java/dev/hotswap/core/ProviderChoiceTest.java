package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which of several services of one contract answers. */
class ProviderChoiceTest {
  private final World world = new World(Duration.ZERO);
  private final FakePlugin first = new FakePlugin(world, "first");
  private final FakePlugin second = new FakePlugin(world, "second");
  private final Handle<Greeter> handle = world.handle(Greeter.class);

  @Test
  void highestRankingAnswers() {
    publish(first, "low", 1, 1);
    publish(second, "high", 2, 2);

    assertThat(greet()).isEqualTo("high Ada");
  }

  @Test
  void lowerRankedNewcomerTakesNothingOver() {
    publish(first, "high", 2, 1);
    publish(second, "low", 1, 2);

    assertThat(greet()).isEqualTo("high Ada");
  }

  @Test
  void lowestServiceIdAnswersAmongEquals() {
    publish(first, "later", 5, 20);
    publish(second, "earlier", 5, 10);

    assertThat(greet()).isEqualTo("earlier Ada");
  }

  @Test
  void rankingsAreComparedAsNumbersUpToTheirEnds() {
    publish(first, "lowest", Integer.MIN_VALUE, 1);
    publish(second, "highest", Integer.MAX_VALUE, 2);

    assertThat(greet()).isEqualTo("highest Ada");
  }

  @Test
  void raisedRankingTakesOver() {
    publish(first, "high", 2, 1);
    Binding<Greeter> low = publish(second, "low", 1, 2);

    world.describe(low, 3, Map.of());

    assertThat(greet()).isEqualTo("low Ada");
  }

  @Test
  void loweredRankingHandsOver() {
    Binding<Greeter> high = publish(first, "high", 2, 1);
    publish(second, "low", 1, 2);

    world.describe(high, 0, Map.of());

    assertThat(greet()).isEqualTo("low Ada");
  }

  @Test
  void nextBestAnswersWhenTheBestIsUnloaded() {
    publish(first, "high", 2, 1);
    publish(second, "low", 1, 2);

    first.unload();

    assertThat(greet()).isEqualTo("low Ada");
  }

  @Test
  void nextBestAnswersWhenTheBestIsWithdrawn() {
    Binding<Greeter> high = publish(first, "high", 2, 1);
    publish(second, "low", 1, 2);

    world.withdraw(high, Duration.ZERO);

    assertThat(greet()).isEqualTo("low Ada");
  }

  @Test
  void offerOfAStagedGenerationReachesNobody() {
    publish(first, "current", 0, 1);
    LiveGeneration staged = second.stage();

    second.offer(staged, Greeter.class, Greeter.saying("staged"), 9, 2);

    assertThat(greet()).isEqualTo("current Ada");
  }

  @Test
  void offerOfTheCurrentGenerationReachesCallersAtOnce() {
    publish(first, "first", 0, 1);

    first.offer(first.current(), Greeter.class, Greeter.saying("late"), 9, 2);

    assertThat(greet()).isEqualTo("late Ada");
  }

  @Test
  void offerOfAGenerationThatIsClosedReachesNobodyAndHoldsNoDrain() {
    publish(first, "old", 0, 1);
    LiveGeneration draining = first.current();
    publish(first, "new", 0, 2);
    draining.close();

    Binding<Greeter> late = first.offer(draining, Greeter.class, Greeter.saying("late"), 9, 3);

    assertThat(greet()).isEqualTo("new Ada");
    assertThat(late.isDrained()).isTrue();
  }

  @Test
  void rerankOfAStagedOfferCountsOnceItIsPublished() {
    publish(first, "current", 5, 1);
    LiveGeneration staged = second.stage();
    Binding<Greeter> offer = second.offer(staged, Greeter.class, Greeter.saying("staged"), 0, 2);

    world.describe(offer, 9, Map.of());
    assertThat(greet()).isEqualTo("current Ada");

    second.publish(staged);
    assertThat(greet()).isEqualTo("staged Ada");
  }

  @Test
  void swapKeepsItsCallersAlthoughItsServiceIdIsHigherThanAnEquals() {
    publish(first, "first", 0, 1);
    publish(second, "second", 0, 2);

    publish(first, "first again", 0, 3);

    assertThat(greet()).isEqualTo("first again Ada");
  }

  @Test
  void swapOfAnEqualTakesNothingOver() {
    publish(second, "second", 0, 1);
    publish(first, "first", 0, 2);

    publish(first, "first again", 0, 3);

    assertThat(greet()).isEqualTo("second Ada");
  }

  @Test
  void seniorityIsHandedOnFromSwapToSwap() {
    publish(first, "first", 0, 1);
    publish(second, "second", 0, 2);

    for (int id = 3; id < 10; id++) {
      publish(second, "second " + id, 0, id);
      publish(first, "first " + id, 0, 100 + id);

      assertThat(greet()).isEqualTo("first " + id + " Ada");
    }
  }

  @Test
  void pluginThatComesAfterAnUnloadIsNobodysSuccessor() {
    publish(first, "first", 0, 1);
    publish(second, "second", 0, 2);

    first.unload();
    publish(first, "first again", 0, 3);

    assertThat(greet()).isEqualTo("second Ada");
  }

  @Test
  void rankingComesBeforeSeniority() {
    publish(first, "first", 0, 1);
    publish(second, "second", 1, 2);

    publish(first, "first again", 0, 3);
    assertThat(greet()).isEqualTo("second Ada");

    publish(first, "first higher", 2, 4);
    assertThat(greet()).isEqualTo("first higher Ada");
  }

  @Test
  void generationThatIsSentBackReturnsTheSeniority() {
    publish(first, "first", 0, 1);
    publish(second, "second", 0, 2);
    LiveGeneration old = first.current();
    LiveGeneration next = first.stage();
    first.offer(next, Greeter.class, Greeter.saying("failed"), 0, 3);

    world.publish(List.of(old), List.of(next));
    world.publish(List.of(next), List.of(old));

    assertThat(greet()).isEqualTo("first Ada");
  }

  @Test
  void severalServicesOfOneContractInheritInTheOrderOfTheirRegistration() {
    publishBoth(10, "senior", 40, "junior");
    publish(second, "between", 0, 20);

    publishBoth(60, "senior again", 50, "registered first");

    assertThat(greet()).isEqualTo("registered first Ada");
    assertThat(greetings()).containsExactly("registered first", "between", "senior again");
  }

  @Test
  void serviceThatHasNoPredecessorKeepsItsOwnId() {
    publish(first, "one", 0, 10);
    publish(second, "between", 0, 20);

    publishBoth(50, "one again", 60, "one more");

    assertThat(greetings()).containsExactly("one again", "between", "one more");
  }

  private void publishBoth(long id, String greeting, long otherId, String otherGreeting) {
    LiveGeneration next = first.stage();
    first.offer(next, Greeter.class, Greeter.saying(greeting), 0, id);
    first.offer(next, Greeter.class, Greeter.saying(otherGreeting), 0, otherId);
    first.publish(next);
  }

  private List<String> greetings() {
    return world
        .handles(Greeter.class, ServiceFilter.ANY)
        .withEach(greeter -> greeter.greet("").strip());
  }

  private Binding<Greeter> publish(FakePlugin plugin, String greeting, int ranking, long id) {
    LiveGeneration next = plugin.stage();
    Binding<Greeter> binding =
        plugin.offer(next, Greeter.class, Greeter.saying(greeting), ranking, id);
    plugin.publish(next);
    return binding;
  }

  private String greet() {
    return handle.with(greeter -> greeter.greet("Ada"));
  }
}
