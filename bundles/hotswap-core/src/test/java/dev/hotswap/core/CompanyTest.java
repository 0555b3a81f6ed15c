package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handle of those that are staged together is answered by. */
@Timeout(20)
class CompanyTest {
  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");
  private final FakePlugin other = new FakePlugin(world, "other");
  private final LiveGeneration provider = plugin.stage();
  private final LiveGeneration consumer = new FakePlugin(world, "consumer").stage();
  private final Handle<Greeter> everybodys = world.handle(Greeter.class);
  private Handle<Greeter> its;

  @BeforeEach
  void introduce() {
    Company.introduce(List.of(provider, consumer));
    its = world.ownHandle(Greeter.class, consumer.company());
  }

  private static String greet(Handle<Greeter> handle) {
    return handle.with(greeter -> greeter.greet("you"));
  }

  private Binding<Greeter> offer() {
    return plugin.offer(provider, Greeter.class, Greeter.saying("hello"));
  }

  private void isAnsweredByNobody(Handle<Greeter> handle) {
    assertThatThrownBy(() -> greet(handle)).isInstanceOf(NoGenerationException.class);
  }

  @Test
  void theStagedOneAnswersItAndNobodyElse() {
    isAnsweredByNobody(its);
    Binding<Greeter> binding = offer();
    assertThat(greet(its)).isEqualTo("hello you");
    assertThat(binding.calls().returned()).isEqualTo(1);
    isAnsweredByNobody(everybodys);
    isAnsweredByNobody(
        world.ownHandle(Greeter.class, new FakePlugin(world, "a").stage().company()));
  }

  @Test
  void aCurrentOneComesBeforeTheStagedOne() {
    offer();
    other.publish(Greeter.class, Greeter.saying("good day"));
    assertThat(greet(its)).isEqualTo("good day you");
    other.unload();
    assertThat(greet(its)).isEqualTo("hello you");
  }

  @Test
  void fromThePublishOnItIsAnsweredAsEverybodyIs() {
    Binding<Greeter> binding = offer();
    greet(its);
    world.publish(List.of(), List.of(provider, consumer));
    assertThat(greet(its)).isEqualTo("hello you");
    assertThat(greet(everybodys)).isEqualTo("hello you");
    assertThat(binding.calls().returned()).isEqualTo(3);
    world.publish(List.of(provider), List.of());
    isAnsweredByNobody(its);
  }

  /** A slot that went on showing it would let its callers in. */
  @Test
  void stagedServiceThatGoesIsCalledNoMore() {
    Binding<Greeter> binding = offer();
    greet(its);
    assertThat(world.withdraw(binding, Duration.ZERO)).isTrue();
    isAnsweredByNobody(its);
    offer();
    assertThat(greet(its)).isEqualTo("hello you");
  }

  @Test
  void whatIsDiscardedAnswersNoMore() {
    offer();
    world.publish(List.of(provider, consumer), List.of());
    provider.close();
    isAnsweredByNobody(its);
    assertThat(provider.isDrained()).isTrue();
  }

  @Test
  void theBestOfThoseThatAreStagedAnswers() {
    offer();
    plugin.offer(provider, Greeter.class, Greeter.saying("your servant"), 1, 7);
    assertThat(greet(its)).isEqualTo("your servant you");
  }

  @Test
  void aClosedWorldAnswersNobody() {
    offer();
    world.close();
    isAnsweredByNobody(its);
  }

  @Test
  void theHandleIsForgottenWhenAllOfThemAreGone() {
    assertThat(world.ownHandle(Greeter.class, consumer.company())).isSameAs(its);
    provider.stage(Stage.RECLAIMED);
    other.publish(Greeter.class, Greeter.saying("good day"));
    assertThat(greet(its)).as("the consumer is still there").isEqualTo("good day you");
    consumer.stage(Stage.DISCARDED);
    other.unload();
    assertThat(world.ownHandle(Greeter.class, consumer.company())).isNotSameAs(its);
  }
}
