package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import java.time.Duration;
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

    world.rerank(low, 3);

    assertThat(greet()).isEqualTo("low Ada");
  }

  @Test
  void loweredRankingHandsOver() {
    Binding<Greeter> high = publish(first, "high", 2, 1);
    publish(second, "low", 1, 2);

    world.rerank(high, 0);

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

    world.rerank(offer, 9);
    assertThat(greet()).isEqualTo("current Ada");

    second.publish(staged);
    assertThat(greet()).isEqualTo("staged Ada");
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
