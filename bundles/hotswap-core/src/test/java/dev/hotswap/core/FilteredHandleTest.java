package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.NoGenerationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handle that goes by the services whose properties pass its filter. */
class FilteredHandleTest {
  private static final int PUBLISHES = 1_000;
  private static final Map<String, Object> ENGLISH = Map.of("lang", "en");
  private static final Map<String, Object> GERMAN = Map.of("lang", "de");

  private final World world = new World(Duration.ZERO);
  private final FakePlugin first = new FakePlugin(world, "first");
  private final FakePlugin second = new FakePlugin(world, "second");
  private final Handle<Greeter> any = world.handle(Greeter.class);
  private final Handle<Greeter> german = world.handle(Greeter.class, lang("de"));
  private final AtomicLong taken = new AtomicLong();
  private final Crew crew = new Crew();
  private volatile boolean over;

  @AfterEach
  void dismissCrew() {
    over = true;
    crew.close();
  }

  @Test
  void onlyServicesThatPassAnswer() {
    publish(first, "hello", ENGLISH);
    publish(second, "hallo", GERMAN);

    assertThat(greet(any)).isEqualTo("hello Ada");
    assertThat(greet(german)).isEqualTo("hallo Ada");
  }

  @Test
  void rankingDecidesAmongThoseThatPass() {
    publish(first, "hallo", GERMAN);
    Binding<Greeter> higher = publish(second, "guten Tag", GERMAN);

    world.describe(higher, 1, GERMAN);

    assertThat(greet(german)).isEqualTo("guten Tag Ada");
  }

  @Test
  void handleMadeLaterFindsWhatIsThere() {
    publish(first, "hello", ENGLISH);

    assertThat(greet(world.handle(Greeter.class, lang("en")))).isEqualTo("hello Ada");
  }

  @Test
  void sameContractAndFilterGiveTheSameHandle() {
    assertThat(world.handle(Greeter.class, lang("de"))).isSameAs(german).isNotSameAs(any);
    assertThat(world.handle(Greeter.class, lang("en"))).isNotSameAs(german);
    assertThat(world.handle(Greeter.class, ServiceFilter.ANY)).isSameAs(any);
  }

  @Test
  void nobodyThatPassesIsNobodyAndTheErrorNamesTheFilter() {
    publish(first, "hello", ENGLISH);

    NoGenerationException thrown =
        catchThrowableOfType(NoGenerationException.class, () -> greet(german));

    assertThat(thrown).hasMessageContaining(Greeter.class.getName() + " with (lang=de)");
    assertThat(thrown.contract()).isEqualTo(Greeter.class.getName());
    assertThat(thrown.filter()).isEqualTo("(lang=de)");
  }

  @Test
  void waitingCallGoesOnWhenAServiceBeginsToPass() throws Exception {
    World patient = new World(Crew.LIMIT);
    FakePlugin plugin = new FakePlugin(patient, "greeter");
    Handle<Greeter> handle = patient.handle(Greeter.class, lang("de"));
    LiveGeneration next = plugin.stage();
    Binding<Greeter> binding = plugin.offer(next, Greeter.class, Greeter.saying("hallo"), Map.of());
    plugin.publish(next);
    Crew.Member<String> caller = crew.call("caller", () -> greet(handle));
    caller.awaitParked();

    patient.describe(binding, 0, GERMAN);

    assertThat(caller.join()).isEqualTo("hallo Ada");
  }

  @Test
  void serviceThatCeasesToPassGetsNoNewCallsThroughTheFilter() {
    Binding<Greeter> binding = publish(first, "hallo", GERMAN);
    publish(second, "guten Tag", GERMAN);
    assertThat(greet(german)).isEqualTo("hallo Ada");

    world.describe(binding, 0, ENGLISH);

    assertThat(greet(german)).isEqualTo("guten Tag Ada");
    assertThat(greet(any)).isEqualTo("hallo Ada");
  }

  @Test
  void callInFlightFinishesOnAServiceThatCeasesToPass() throws Exception {
    Binding<Greeter> binding = publish(first, "hallo", GERMAN);
    Visit visit = Visit.begin(crew, german, 1);

    world.describe(binding, 0, ENGLISH);

    assertThat(visit.end()).isEqualTo("hallo visitor");
    assertThat(binding.calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void propertiesOfAStagedOfferCountOnceItIsPublished() {
    LiveGeneration staged = first.stage();
    Binding<Greeter> offer = first.offer(staged, Greeter.class, Greeter.saying("hallo"), ENGLISH);

    world.describe(offer, 0, GERMAN);
    first.publish(staged);

    assertThat(greet(german)).isEqualTo("hallo Ada");
  }

  @Test
  void contractThatOnlyAFilteredHandleGetsFromAGenerationIsAnsweredByIt() {
    publish(first, "hello", ENGLISH);
    publish(second, "hallo", GERMAN);

    assertThat(world.answeredBy(second.current())).containsExactly(Greeter.class);
    second.unload();
    publish(second, "hey", ENGLISH);
    assertThat(world.answeredBy(second.current())).isEmpty();
  }

  @Test
  void jointLeaseOverFilteredHandlesNeverMixesTwoPublishes() throws Exception {
    Handle<Greeter> english = world.handle(Greeter.class, lang("en"));
    publishBoth();
    crew.run("leaser-1", () -> leaseUntilOver(english));
    crew.run("leaser-2", () -> leaseUntilOver(english));

    for (int i = 0; i < PUBLISHES; i++) {
      long before = taken.get();
      publishBoth();
      Crew.awaitTrue("a lease between two publishes", () -> taken.get() > before);
    }
    over = true;

    crew.join();
  }

  private void leaseUntilOver(Handle<Greeter> english) {
    while (!over) {
      try (JointLease lease = world.lease(List.of(german, english, any))) {
        String greeting = lease.service(german).greet("");
        assertThat(lease.service(english).greet("")).isEqualTo(greeting);
        assertThat(lease.service(any).greet("")).isEqualTo(greeting);
      } finally {
        taken.incrementAndGet();
      }
    }
  }

  private void publishBoth() {
    LiveGeneration next = first.stage();
    Greeter greeter = Greeter.saying("number " + next.generation().number());
    first.offer(next, Greeter.class, greeter, ENGLISH);
    first.offer(next, Greeter.class, greeter, GERMAN);
    first.publish(next);
  }

  private static ServiceFilter lang(String lang) {
    return new ServiceFilter(
        "(lang=" + lang + ")", properties -> lang.equals(properties.get("lang")));
  }

  private static Binding<Greeter> publish(
      FakePlugin plugin, String greeting, Map<String, Object> properties) {
    LiveGeneration next = plugin.stage();
    Binding<Greeter> binding =
        plugin.offer(next, Greeter.class, Greeter.saying(greeting), properties);
    plugin.publish(next);
    return binding;
  }

  private static String greet(Handle<Greeter> handle) {
    return handle.with(greeter -> greeter.greet("Ada"));
  }
}
