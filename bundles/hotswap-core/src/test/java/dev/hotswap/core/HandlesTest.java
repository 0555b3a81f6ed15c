package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traversals over all providers of a contract. */
class HandlesTest {
  private static final int PUBLISHES = 2_000;
  private static final Duration MOMENT = Duration.ofMillis(20);

  private final World world = new World(Duration.ZERO);
  private final FakePlugin first = new FakePlugin(world, "first");
  private final FakePlugin second = new FakePlugin(world, "second");
  private final FakePlugin third = new FakePlugin(world, "third");
  private final Handles<Greeter> all = world.handles(Greeter.class, ServiceFilter.ANY);
  private final AtomicLong taken = new AtomicLong();
  private final Crew crew = new Crew();
  private volatile boolean over;

  @AfterEach
  void dismissCrew() {
    over = true;
    crew.close();
  }

  @Test
  void providersAreCalledHighestRankingFirstThenLowestServiceId() {
    publish(first, "late", 0, 7);
    publish(second, "early", 0, 3);
    publish(third, "high", 1, 9);

    assertThat(greetings()).containsExactly("high", "early", "late");
    assertThat(all.size()).isEqualTo(3);
  }

  @Test
  void nobodyIsCalledWhereNobodyProvides() {
    assertThat(greetings()).isEmpty();
    assertThat(all.size()).isZero();
  }

  @Test
  void handlesMadeLaterFindWhatIsThereAndAreTheSameEveryTime() {
    publish(first, "first", 0, 1);
    Handles<Greeter> later =
        world.handles(Greeter.class, new ServiceFilter("(x=1)", properties -> true));

    assertThat(later.size()).isEqualTo(1);
    assertThat(world.handles(Greeter.class, ServiceFilter.ANY)).isSameAs(all).isNotSameAs(later);
    assertThat(all.contract()).isEqualTo(Greeter.class);
  }

  @Test
  void filterLeavesOutWhatDoesNotPass() {
    Handles<Greeter> german =
        world.handles(
            Greeter.class,
            new ServiceFilter("(lang=de)", properties -> "de".equals(properties.get("lang"))));
    publish(first, "hello", 0, 1);
    Binding<Greeter> binding = publish(second, "hallo", 0, 2);
    assertThat(german.size()).isZero();

    world.describe(binding, 0, Map.of("lang", "de"));

    List<String> greetings = german.withEach(greeter -> greeter.greet("Ada"));
    assertThat(greetings).containsExactly("hallo Ada");
  }

  @Test
  void providersThatComeGoAndAreReplacedShowInTheNextTraversal() {
    publish(first, "first", 0, 1);
    publish(second, "second", 0, 2);
    assertThat(greetings()).containsExactly("first", "second");

    publish(first, "first again", 0, 3);
    assertThat(greetings()).containsExactly("first again", "second");

    second.unload();
    assertThat(greetings()).containsExactly("first again");
  }

  @Test
  void rerankedProvidersAreCalledInTheirNewOrder() {
    publish(first, "first", 0, 1);
    Binding<Greeter> binding = publish(second, "second", 0, 2);

    world.describe(binding, 1, Map.of());

    assertThat(greetings()).containsExactly("second", "first");
  }

  @Test
  void everyCallIsCountedOnce() {
    Binding<Greeter> one = publish(first, "first", 0, 1);
    Binding<Greeter> two = publish(second, "second", 0, 2);

    greetings();
    all.useEach(greeter -> greeter.greet("Ada"));

    assertThat(one.calls()).isEqualTo(new Calls(2, 2, 0));
    assertThat(two.calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void exceptionPassesThroughAndLeavesNothingPinned() {
    Binding<Greeter> one = publish(first, "first", 0, 1);
    Binding<Greeter> two = publish(second, "second", 0, 2);
    Binding<Greeter> three = publish(third, "third", 0, 3);
    IOException broken = new IOException("broken");

    assertThatThrownBy(() -> all.useEach(greeter -> failOn("second", greeter, broken)))
        .isSameAs(broken);

    assertThat(one.calls()).isEqualTo(new Calls(1, 1, 0));
    assertThat(two.calls()).isEqualTo(new Calls(1, 0, 1));
    assertThat(three.calls()).as("not called").isEqualTo(Calls.NONE);
    List.of(first, second, third).forEach(FakePlugin::unload);
    assertThat(List.of(one, two, three)).allMatch(Binding::isDrained);
  }

  private static void failOn(String name, Greeter greeter, IOException failure) throws IOException {
    if (greeter.greet("").startsWith(name)) {
      throw failure;
    }
  }

  @Test
  void eachPinEndsWithItsOwnCallAndThoseToComeAreKept() throws Exception {
    Binding<Greeter> one = publish(first, "first", 0, 1);
    Binding<Greeter> two = publish(second, "second", 0, 2);
    Binding<Greeter> three = publish(third, "third", 0, 3);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Crew.Member<List<String>> traversal =
        crew.call(
            "traversal", () -> all.withEach(greeter -> stayIn("second", greeter, inside, go)));
    Crew.await(inside);

    List.of(first, second, third).forEach(FakePlugin::unload);

    assertThat(FakePlugin.drains(one)).as("called already").isTrue();
    assertThat(FakePlugin.drains(two, MOMENT)).as("being called").isFalse();
    assertThat(FakePlugin.drains(three, MOMENT)).as("not called yet").isFalse();
    go.countDown();
    assertThat(traversal.join()).containsExactly("first ", "second ", "third ");
    assertThat(FakePlugin.drains(two) && FakePlugin.drains(three)).isTrue();
  }

  private static String stayIn(
      String name, Greeter greeter, CountDownLatch inside, CountDownLatch go)
      throws InterruptedException {
    String greeting = greeter.greet("");
    if (greeting.startsWith(name)) {
      inside.countDown();
      Crew.await(go);
    }
    return greeting;
  }

  @Test
  void traversalUnderWayStaysWithTheGenerationsItBeganOn() {
    publish(first, "first 1", 0, 1);
    publish(second, "second 1", 0, 2);
    List<String> seen = new ArrayList<>();

    all.useEach(
        greeter -> {
          seen.add(greeter.greet("").strip());
          if (seen.size() == 1) {
            publish(first, "first 2", 0, 3);
            publish(second, "second 2", 0, 4);
            assertThat(greetings()).as("a nested one").containsExactly("first 2", "second 2");
          }
        });

    assertThat(seen).containsExactly("first 1", "second 1");
  }

  @Test
  void generationThatAnswersOnlyHereIsAnsweredBy() {
    Handle<Greeter> plain = world.handle(Greeter.class);
    publish(first, "first", 1, 1);
    publish(second, "second", 0, 2);

    assertThat(plain.<String, RuntimeException>with(greeter -> greeter.greet("Ada")))
        .isEqualTo("first Ada");
    assertThat(world.answeredBy(second.current())).containsExactly(Greeter.class);
  }

  @Test
  void generationThatWasSwappedOutIsNotKept() {
    List<WeakReference<Object>> retired = new ArrayList<>();
    for (int number = 1; number <= 3; number++) {
      publish(first, "first " + number, 0, number);
      retired.add(new WeakReference<>(first.current()));
    }
    retired.remove(2);

    Awaitility.await().atMost(Crew.LIMIT).until(() -> areCollected(retired));
  }

  private static boolean areCollected(List<WeakReference<Object>> retired) {
    System.gc();
    return retired.stream().allMatch(generation -> generation.get() == null);
  }

  @Test
  void closedWorldHasNoProviders() {
    publish(first, "first", 0, 1);

    world.close();

    assertThat(all.size()).isZero();
  }

  /** One plugin is swapped, one comes and goes, and one stays. */
  @Test
  void noTraversalMixesGenerationsOrMissesAPluginThatIsBeingSwapped() throws Exception {
    publish(first, "first", 0, 1);
    swapTwo(second, 1);
    crew.run("traveller-1", this::travelUntilOver);
    crew.run("traveller-2", this::travelUntilOver);

    for (int number = 2; number < PUBLISHES; number++) {
      long before = taken.get();
      swapTwo(second, number);
      if (number % 2 == 0) {
        publish(third, "third", 0, 10_000 + number);
      } else {
        third.unload();
      }
      Crew.awaitTrue("a traversal between two publishes", () -> taken.get() > before);
    }
    over = true;

    crew.join();
  }

  private void travelUntilOver() {
    int newest = 0;
    while (!over) {
      try {
        List<String> seen = greetings();
        assertThat(seen).startsWith("first").hasSizeBetween(3, 4);
        int number = Integer.parseInt(seen.get(1));
        assertThat(seen.get(2)).isEqualTo(seen.get(1));
        assertThat(number).isGreaterThanOrEqualTo(newest);
        newest = number;
      } finally {
        taken.incrementAndGet();
      }
    }
  }

  /** A generation with two services that both tell its number. */
  private static void swapTwo(FakePlugin plugin, int number) {
    LiveGeneration next = plugin.stage();
    plugin.offer(next, Greeter.class, Greeter.saying(number + ""), 0, 2L * number);
    plugin.offer(next, Greeter.class, Greeter.saying(number + ""), 0, 2L * number + 1);
    plugin.publish(next);
  }

  @Test
  void threadThatHasSeenAPublishThroughAHandleSeesItInTheTraversal() throws Exception {
    Handle<Greeter> plain = world.handle(Greeter.class);
    publish(first, "1", 0, 1);
    crew.run("caller-1", () -> compareUntilOver(plain));
    crew.run("caller-2", () -> compareUntilOver(plain));

    for (int number = 2; number < PUBLISHES; number++) {
      long before = taken.get();
      publish(first, number + "", 0, number);
      Crew.awaitTrue("a look between two publishes", () -> taken.get() > before);
    }
    over = true;

    crew.join();
  }

  private void compareUntilOver(Handle<Greeter> plain) {
    int newest = 0;
    while (!over) {
      try {
        int one = Integer.parseInt(plain.with(greeter -> greeter.greet("").strip()));
        int each = Integer.parseInt(greetings().get(0));
        assertThat(one).isGreaterThanOrEqualTo(newest);
        assertThat(each).isGreaterThanOrEqualTo(one);
        newest = each;
      } finally {
        taken.incrementAndGet();
      }
    }
  }

  private List<String> greetings() {
    return all.withEach(greeter -> greeter.greet("").strip());
  }

  private static Binding<Greeter> publish(
      FakePlugin plugin, String greeting, int ranking, long serviceId) {
    LiveGeneration next = plugin.stage();
    Binding<Greeter> binding =
        plugin.offer(next, Greeter.class, Greeter.saying(greeting), ranking, serviceId);
    plugin.publish(next);
    return binding;
  }
}
