package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two plugins, p and q, that are swapped together; of the old ones q leaves first. */
@Timeout(30)
class SetReversalTest {
  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private final List<LiveGeneration> started = new CopyOnWriteArrayList<>();
  private final World world = new World(Duration.ZERO);
  private final Handle<First> first = world.handle(First.class);
  private final Handle<Second> second = world.handle(Second.class);
  private final FakeInstaller installer = new FakeInstaller(this::offer);
  private PluginSwapper swapper;

  interface First {
    String name();
  }

  interface Second {
    String name();
  }

  @BeforeEach
  void open() throws IOException {
    Path store = Files.createDirectory(folder.resolve("store"));
    SwapSettings settings = SwapSettings.DEFAULT.withStandby(Duration.ZERO).withLiveGenerations(9);
    swapper =
        new PluginSwapper(
            world, installer, new ContentStore(store), settings, InstantSource.system());
    swapper.subscribe(events::add);
    swapper.swap(jar("p", "1"), jar("q", "1"));
  }

  @AfterEach
  void close() {
    swapper.close();
  }

  private void offer(LiveGeneration generation) {
    started.add(generation);
    Generation which = generation.generation();
    ServiceRank rank = new ServiceRank(0, which.number());
    if (which.plugin().equals("p")) {
      world.offer(generation, First.class, which::id, rank);
    } else {
      world.offer(generation, Second.class, which::id, rank);
    }
  }

  private Path jar(String plugin, String version) {
    Path file = folder.resolve(plugin + "-" + version + ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", plugin);
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String names() {
    return first.with(First::name) + " " + second.with(Second::name);
  }

  @Test
  void setIsReversedAllOfItInOneWrite() throws Exception {
    try (Lease<Second> lease = second.lease()) {
      Swap swap = swapper.swap(jar("p", "2"), jar("q", "2"));
      long version = world.version();

      swapper.decideDrain("p", DeadlinePolicy.REVERSE);

      assertThat(names()).isEqualTo("p#1 q#1");
      assertThat(world.version()).as("two reopened and one publish").isEqualTo(version + 3);
      Receipt receipt = swap.awaitReclaimed(Crew.LIMIT);
      assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.REVERSED);
      assertThat(receipt.changes())
          .allMatch(change -> change.retirement().orElseThrow().generation().number() == 2);
      assertThat(receipt.changes())
          .as("with its bundle, for the receipt")
          .allMatch(change -> change.retirement().orElseThrow().reclaimed().size() == 1);
      assertThat(swapper.receipt(receipt.id())).hasValue(receipt);
      assertThat(installer.removed).allMatch(gone -> gone.number() == 2);
      assertThat(lease.service().name()).isEqualTo("q#1");
    }
  }

  @Test
  void setOfWhichOneHasLeftIsNotReversed() {
    try (Lease<First> lease = first.lease()) {
      swapper.swap(jar("p", "2"), jar("q", "2"));
      await().atMost(Crew.LIMIT).until(() -> installer.removed.size() == 1);

      SwapRefusedException refused =
          catchThrowableOfType(
              SwapRefusedException.class, () -> swapper.decideDrain("p", DeadlinePolicy.REVERSE));

      assertThat(refused.refusal().message()).contains("q generation 1 ", "generation 2 (2)");
      assertThat(names()).as("beside " + lease).isEqualTo("p#2 q#2");
    }
  }

  @Test
  void pluginThatWasNewWithTheSetLeavesWithTheReversal() {
    swapper.unload("q");
    try (Lease<First> lease = first.lease()) {
      swapper.swap(jar("p", "2"), jar("q", "2"));

      swapper.decideDrain("p", DeadlinePolicy.REVERSE);

      assertThat(first.with(First::name)).as("beside " + lease).isEqualTo("p#1");
      assertThat(world.provides(Second.class)).isFalse();
    }
  }

  @Test
  void policyThatCannotBeCarriedOutIsToldAndTheDrainGoesOn() throws Exception {
    try (Lease<First> lease = first.lease()) {
      SwapOptions options =
          SwapOptions.NONE
              .withAsked(new Asked("ana", "ticket 12"))
              .withDrainDeadline(Duration.ofMillis(200))
              .withOnDeadline(DeadlinePolicy.REVERSE);
      Swap swap = swapper.swap(options, jar("p", "2"));
      assertThat(swap.receipt().request().asked()).isEqualTo(new Asked("ana", "ticket 12"));
      swapper.swap(jar("p", "3"));

      await()
          .atMost(Crew.LIMIT)
          .until(() -> events.stream().anyMatch(SwapEvent.Refused.class::isInstance));

      assertThat(first.with(First::name)).isEqualTo("p#3");
      lease.close();
      Receipt receipt = swap.awaitReclaimed(Crew.LIMIT);
      assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.SWAPPED);
      assertThat(swapper.receipts())
          .as("a decision has no receipt, and takes no other's place")
          .extracting(Receipt::id)
          .containsExactly(3L, 2L, 1L);
    }
  }

  @Test
  void generationWithoutItsServiceIsNotPublishedAgain() {
    LiveGeneration old = started.get(0);
    try (Lease<First> lease = first.lease()) {
      swapper.swap(jar("p", "2"));
      world.withdraw(old, Duration.ZERO); // as somebody's stop of its bundle does

      SwapRefusedException refused =
          catchThrowableOfType(
              SwapRefusedException.class, () -> swapper.decideDrain("p", DeadlinePolicy.REVERSE));

      assertThat(refused.refusal().message()).contains("no longer offers");
      assertThat(old.stage()).isEqualTo(Stage.DRAINING);
      assertThat(first.with(First::name)).as("beside " + lease).isEqualTo("p#2");
    }
  }
}
