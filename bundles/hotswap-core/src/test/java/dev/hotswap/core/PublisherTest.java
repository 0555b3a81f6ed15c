package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A set is published, and taken back, in one write; and its own code must answer. */
@Timeout(30)
class PublisherTest {
  @TempDir Path folder;
  private FakeHost host;

  @BeforeEach
  void open() {
    host = new FakeHost(folder, settings -> settings);
    host.swapper.swap(host.jar("p", "1"), host.jar("q", "1"));
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void setIsPublishedInOneWrite() {
    long version = host.world.version();

    host.swapper.swap(host.jar("p", "2"), host.jar("q", "2"));

    assertThat(host.world.version()).isEqualTo(version + 1);
  }

  @Test
  void setThatDoesNotAnswerIsTakenBackInOneWrite() {
    host.installer.definedBy = Optional.of(new Generation("p", 1, "1", "x"));
    long version = host.world.version();

    host.refusalOf(() -> host.swapper.swap(host.jar("p", "2"), host.jar("q", "2")));

    assertThat(host.world.version()).as("there and back").isEqualTo(version + 2);
    assertThat(host.name()).isEqualTo("p#1");
  }

  @Test
  void answerOfAnotherGenerationOfThePluginIsNoProof() {
    FakePlugin plugin = new FakePlugin(host.world, "greeter");
    plugin.publish(Greeter.class, Greeter.saying("old"));
    LiveGeneration next = plugin.stage();
    plugin.offer(next, Greeter.class, Greeter.saying("new"));
    Probe probe = new Probe(host.world, host.installer);
    Subject subject = new Subject("greeter 2", Optional.of(plugin.current().generation()));

    SwapRefusedException refused =
        catchThrowableOfType(
            SwapRefusedException.class, () -> probe.ask(next, Set.of(Greeter.class), subject));

    assertThat(refused.refusal()).isInstanceOf(Refusal.NotAnswering.class);
    assertThat(refused).hasMessageContaining("greeter generation 1 (1.0.0) answered");
  }
}
