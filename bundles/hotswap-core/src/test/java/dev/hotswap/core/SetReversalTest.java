package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
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
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  private static SwapOptions atDeadline(long millis, DeadlinePolicy policy) {
    return SwapOptions.NONE.withDrainDeadline(Duration.ofMillis(millis)).withOnDeadline(policy);
  }

  private <E extends SwapEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Of the old ones q is the first to leave, and no drain ends meanwhile. */
  @Test
  void eachThatIsStuckIsToldAndHasItsPolicy() throws Exception {
    try (Crew crew = new Crew();
        Lease<Second> lease = second.lease()) {
      CountDownLatch never = new CountDownLatch(1);
      Crew.Member<Void> caller = crew.run("caller", () -> first.use(service -> never.await()));
      caller.awaitParked();
      Swap swap =
          swapper.swap(atDeadline(50, DeadlinePolicy.INTERRUPT), jar("p", "2"), jar("q", "2"));

      await().atMost(Crew.LIMIT).until(() -> told(SwapEvent.Interrupted.class).size() == 2);

      assertThat(told(SwapEvent.DrainOverdue.class))
          .extracting(event -> event.generation().id())
          .containsExactlyInAnyOrder("p#1", "q#1");
      assertThat(told(SwapEvent.DrainOverdue.class))
          .flatExtracting(SwapEvent.DrainOverdue::holders)
          .extracting(Holder::threadName)
          .contains("caller");
      assertThat(catchThrowable(caller::join)).isInstanceOf(InterruptedException.class);
      lease.close();
      assertThat(swap.awaitReclaimed(Crew.LIMIT).changes())
          .allMatch(change -> change.retirement().isPresent());
    }
  }

  /** Of the old ones q is told of first. */
  private void whenOfTheFirstIsTold(Runnable act) {
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.DrainOverdue overdue
              && overdue.generation().id().equals("q#1")) {
            act.run();
          }
        });
  }

  @Test
  void oneThatDrainsWhileAnotherIsToldOfIsNotOverdue() throws Exception {
    try (Lease<Second> stuck = second.lease()) {
      Lease<First> late = first.lease();
      whenOfTheFirstIsTold(late::close);

      Swap swap =
          swapper.swap(atDeadline(50, DeadlinePolicy.INTERRUPT), jar("p", "2"), jar("q", "2"));

      await().atMost(Crew.LIMIT).until(() -> started.get(0).stage() == Stage.DRAINED);
      assertThat(told(SwapEvent.DrainOverdue.class))
          .as("beside " + stuck)
          .extracting(event -> event.generation().id())
          .containsExactly("q#1");
      assertThat(told(SwapEvent.Interrupted.class))
          .extracting(event -> event.generation().id())
          .containsExactly("q#1");
      stuck.close();
      swap.awaitReclaimed(Crew.LIMIT);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WAIT", "INTERRUPT"})
  void oneThatComesBackWhileAnotherIsToldOfIsNotOverdue(DeadlinePolicy policy) throws Exception {
    whenOfTheFirstIsTold(() -> swapper.decideDrain("q", DeadlinePolicy.REVERSE));
    try (Lease<Second> lease = second.lease();
        Crew crew = new Crew()) {
      CountDownLatch done = new CountDownLatch(1);
      Crew.Member<Void> caller = crew.run("caller", () -> first.use(service -> done.await()));
      caller.awaitParked();
      swapper.swap(atDeadline(50, policy), jar("p", "2"), jar("q", "2")).awaitReclaimed(Crew.LIMIT);
      assertThat(told(SwapEvent.Interrupted.class)).isEmpty();
      assertThat(names()).as("beside " + lease).isEqualTo("p#1 q#1");
      assertThat(told(SwapEvent.DrainOverdue.class)).hasSize(1);
      done.countDown();
      caller.join();
    }

    Receipt next = swapper.swap(jar("p", "3")).awaitReclaimed(Crew.LIMIT);

    assertThat(next.changes().get(0).retirement().orElseThrow().holders())
        .as("who was inside before it came back")
        .isEmpty();
  }

  @Test
  void oneThatHasDrainedTakesNoPlaceWhileItWaitsForThoseBefore() throws Exception {
    try (Lease<Second> lease = second.lease()) {
      Swap swap = swapper.swap(atDeadline(50, DeadlinePolicy.WAIT), jar("p", "2"), jar("q", "2"));

      await().atMost(Crew.LIMIT).until(() -> started.get(0).stage() == Stage.DRAINED);
      await().atMost(Crew.LIMIT).until(() -> told(SwapEvent.DrainOverdue.class).size() == 1);

      assertThat(told(SwapEvent.Drained.class))
          .extracting(event -> event.generation().id())
          .containsExactly("p#1");
      assertThat(installer.stopped).as("beside " + lease).isEmpty();
      assertThat(installer.removed).isEmpty();
      assertThat(swapper.decideDrain("p", DeadlinePolicy.FORCE)).as("it has drained").isEmpty();
      lease.close();
      swap.awaitReclaimed(Crew.LIMIT);
      assertThat(installer.removed).extracting(Generation::id).containsExactly("q#1", "p#1");
    }
  }

  @Test
  void oneThatDrainsLateTakesNoPlaceWhileItWaitsForThoseBefore() {
    try (Lease<Second> stuck = second.lease()) {
      Lease<First> late = first.lease();
      swapper.swap(atDeadline(50, DeadlinePolicy.WAIT), jar("p", "2"), jar("q", "2"));
      await().atMost(Crew.LIMIT).until(() -> told(SwapEvent.DrainOverdue.class).size() == 2);

      late.close();

      await().atMost(Crew.LIMIT).until(() -> started.get(0).stage() == Stage.DRAINED);
      assertThat(installer.removed).as("beside " + stuck).isEmpty();
    }
  }

  @Test
  void setOfWhichOneHasDrainedIsReversedByThePolicy() throws Exception {
    try (Lease<First> lease = first.lease()) {
      Swap swap =
          swapper.swap(atDeadline(100, DeadlinePolicy.REVERSE), jar("p", "2"), jar("q", "2"));

      Receipt receipt = swap.awaitReclaimed(Crew.LIMIT);

      assertThat(receipt.outcome()).as("beside " + lease).isEqualTo(Receipt.Outcome.REVERSED);
      assertThat(names()).isEqualTo("p#1 q#1");
      assertThat(told(SwapEvent.Reversed.class)).hasSize(2);
      assertThat(installer.removed).extracting(Generation::id).containsExactly("q#2", "p#2");
    }
  }

  @Test
  void setOfWhichOneHasLeftIsRolledBack() {
    try (Lease<First> lease = first.lease()) {
      swapper.swap(atDeadline(10, DeadlinePolicy.WAIT), jar("p", "2"), jar("q", "2"));
      await().atMost(Crew.LIMIT).until(() -> installer.removed.size() == 1);

      assertThat(swapper.decideDrain("p", DeadlinePolicy.REVERSE))
          .extracting(Generation::id)
          .containsExactly("p#1");

      assertThat(names()).as("beside " + lease).isEqualTo("p#3 q#3");
      Receipt receipt = swapper.receipts().get(0);
      assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.ROLLED_BACK);
      assertThat(receipt.request().asked().why())
          .isEqualTo(
              "swap 2 was to be reversed, but an old generation of the swap has drained and left");
    }
  }

  @Test
  void setOfWhichOneHasLeftAndThatWasSwappedOnceMoreIsNotRolledBack() throws Exception {
    try (Lease<First> lease = first.lease()) {
      swapper.swap(atDeadline(10, DeadlinePolicy.WAIT), jar("p", "2"), jar("q", "2"));
      await().atMost(Crew.LIMIT).until(() -> installer.removed.size() == 1);
      swapper.swap(jar("p", "3")).awaitReclaimed(Crew.LIMIT); // or that one would be reversed

      SwapRefusedException refused =
          catchThrowableOfType(
              SwapRefusedException.class, () -> swapper.decideDrain("p", DeadlinePolicy.REVERSE));

      assertThat(refused.refusal().message()).contains("p has been changed since");
      assertThat(names()).as("beside " + lease).isEqualTo("p#3 q#2");
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
  void generationWithoutItsServiceIsNotPublishedAgainButItsBytesAre() {
    LiveGeneration old = started.get(0);
    try (Lease<First> lease = first.lease()) {
      swapper.swap(jar("p", "2"));
      world.withdraw(old, Duration.ZERO); // as somebody's stop of its bundle does

      swapper.decideDrain("p", DeadlinePolicy.REVERSE);

      assertThat(swapper.receipts().get(0).request().asked().why()).contains("no longer offers");
      assertThat(old.stage()).isEqualTo(Stage.DRAINING);
      assertThat(first.with(First::name)).as("beside " + lease).isEqualTo("p#3");
    }
  }
}
