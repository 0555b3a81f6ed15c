package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Handles;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several plugins that provide one contract. Which plugin answers is told by the first digit of its
 * version: alpha 1, beta 2, gamma 3.
 */
@Timeout(120)
class ManyProvidersIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int ROUNDS = 100;

  @TempDir Path folder;
  private final List<Swap> swaps = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final LongAdder traversals = new LongAdder();
  private Host host;
  private Handle<Greeter> any;
  private Handle<Greeter> german;
  private Handles<Greeter> all;

  @BeforeEach
  void open() {
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .availability(Duration.ofMillis(50))
            .open();
    any = host.handle(Greeter.class);
    german = host.handle(Greeter.class, "(lang=de)");
    all = host.handles(Greeter.class);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void swappingAddingAndRemovingProvidersUnderLoadFailsNoCallAndShowsNoMixAndNoGap()
      throws Exception {
    alpha(0);
    beta(0);
    try (Callers callers = new Callers()) {
      callers
          .start("all-1", traveller())
          .start("all-2", traveller())
          .start("german", this::callGerman)
          .start("any", this::callAny)
          .start("joint", this::leaseJointly);
      for (int round = 1; round <= ROUNDS; round++) {
        gamma(round);
        alpha(round);
        host.unload("gamma");
        beta(round);
      }
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      System.out.printf(
          "ManyProvidersIT: swaps=%d unloads=%d calls=%d traversals=%d failed=0%n",
          swaps.size(), ROUNDS, callers.calls(), traversals.sum());
      assertThat(traversals.sum()).isGreaterThan(4 * ROUNDS);
    }
    for (Swap swap : swaps) {
      swap.awaitReclaimed(LIMIT)
          .retirement()
          .ifPresent(retired -> assertThat(retired.calls().threw()).isZero());
    }
  }

  /** Alpha has two services, beta one, and gamma, which outranks them, one at times. */
  private Callers.Work traveller() {
    AtomicReference<List<Integer>> newest = new AtomicReference<>(List.of(0, 0));
    return () -> {
      List<String> seen = new ArrayList<>(all.withEach(Greeter::version));
      traversals.increment();
      String whole = seen.toString();
      seen.remove(seen.get(0).startsWith("3.") ? seen.get(0) : "no gamma");
      require(seen.size() == 3 && seen.get(2).startsWith("2."), "a gap, or the order", whole);
      require(seen.get(0).startsWith("1.") && seen.get(0).equals(seen.get(1)), "a mix", whole);
      List<Integer> builds = List.of(build(seen.get(0)), build(seen.get(2)));
      List<Integer> before = newest.getAndSet(builds);
      require(
          builds.get(0) >= before.get(0) && builds.get(1) >= before.get(1), "a step back", whole);
    };
  }

  private void callGerman() {
    String version = german.with(Greeter::version);
    require(version.startsWith("1."), "not what the filter says", version);
  }

  /** Beta's service id is lower than alpha's from alpha's first swap on. */
  private void callAny() {
    String version = any.with(Greeter::version);
    require(!version.startsWith("2."), "handed over to beta by a swap of alpha", version);
  }

  private void leaseJointly() {
    Handle<Greeter> english = host.handle(Greeter.class, "(&(lang=en)(weight>=7))");
    try (JointLease both = host.lease(german, english)) {
      String first = both.service(german).version();
      String second = both.service(english).version();
      require(first.equals(second), "a mix", first + " and " + second);
    }
  }

  private static void require(boolean isSo, String what, String seen) {
    if (!isSo) {
      throw new IllegalStateException(what + ": " + seen);
    }
  }

  private static int build(String version) {
    return Integer.parseInt(version.substring(version.lastIndexOf('.') + 1));
  }

  private void alpha(int build) {
    swap(labelled("alpha", "1.0." + build, "en,de"));
  }

  private void beta(int build) {
    swap(labelled("beta", "2.0." + build, "fr"));
  }

  private void gamma(int build) {
    swap(labelled("gamma", "3.0." + build, "es").header("Test-Ranking", "1"));
  }

  private static PluginJar labelled(String name, String version, String languages) {
    return PluginJar.named(name, version)
        .activator("LabelledActivator")
        .classes(
            "LabelledActivator$Relabelled", "LabelledActivator$Own", "LabelledActivator$Unreadable")
        .classes("OpenGreeter", "LateLoaded", "PluginException")
        .header("Test-Languages", languages);
  }

  private void swap(PluginJar jar) {
    swaps.add(host.swap(jar.as(folder.resolve("next.jar"))));
  }

  @Test
  void filterChoosesAmongProviders() throws Exception {
    swap(labelled("beta", "2.0.0", "fr").header("Test-Ranking", "5"));
    alpha(0);
    // tag::many-providers
    Handle<Greeter> french = host.handle(Greeter.class, "(lang=fr)"); // an OSGi filter
    String one = french.with(Greeter::version);

    Handles<Greeter> greeters = host.handles(Greeter.class); // all of them: an extension point
    List<String> each = greeters.withEach(Greeter::version); // highest ranking first
    greeters.useEach(greeter -> seen(greeter.version()));
    // end::many-providers
    assertThat(one).isEqualTo("2.0.0");
    assertThat(each).containsExactly("2.0.0", "1.0.0", "1.0.0").isEqualTo(heard);
    assertThat(german.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(host.handles(Greeter.class, "(lang=de)").size()).isEqualTo(1);
  }

  private void seen(String version) {
    heard.add(version);
  }

  @Test
  void serviceThatChangesItsPropertiesBeginsAndCeasesToMatch() throws Exception {
    Handle<Greeter> latin = host.handle(Greeter.class, "(lang=la)");
    alpha(0);
    swap(labelled("beta", "2.0.0", "de"));
    assertThatThrownBy(() -> latin.with(Greeter::version)).hasMessageContaining("(lang=la)");

    german.with(Greeter::fail); // alpha's German is relabelled as Latin

    assertThat(latin.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(german.with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(all.size()).isEqualTo(3);
  }

  @Test
  void callInFlightFinishesOnAServiceThatCeasesToMatch() throws Exception {
    swap(labelled("alpha", "1.0.0", "de"));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<String> answer = new AtomicReference<>();
    Thread caller =
        new Thread(() -> answer.set(german.with(greeter -> hold(greeter, inside, go))), "caller");
    caller.start();
    inside.await();

    any.with(Greeter::fail);
    assertThatThrownBy(() -> german.with(Greeter::version)).hasMessageContaining("(lang=de)");
    go.countDown();

    caller.join(LIMIT.toMillis());
    assertThat(answer).hasValue("1.0.0 late");
  }

  private static String hold(Greeter greeter, CountDownLatch inside, CountDownLatch go) {
    try {
      return greeter.holdThenLoadLate(inside, go);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(LANG=de)",
        "(names=Grace)",
        "(mixed=plain)",
        "(weight>=7)",
        "(bundle=1.0.0)",
        "(objectClass=*Greeter)",
        "(&(lang=de)(!(lang=en)))"
      })
  void propertiesMatchAsInTheServiceRegistry(String filter) {
    alpha(0);
    assertThat(host.handle(Greeter.class, filter).with(Greeter::version)).isEqualTo("1.0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(own=*)", "(own<=x)", "(weight>=8)", "(unreadable=*)"})
  void codeOfAPluginIsNeverAskedByAFilter(String filter) {
    alpha(0);
    assertThat(host.handles(Greeter.class, filter).size()).isZero();
  }

  @Test
  void sameContractAndFilterGiveTheSameHandle() {
    assertThat(host.handle(Greeter.class, " ( lang=de) ")).isSameAs(german).isNotSameAs(any);
    assertThat(host.handles(Greeter.class, "(lang=de)"))
        .isSameAs(host.handles(Greeter.class, "(lang=de)"))
        .isNotSameAs(all);
  }

  @ParameterizedTest
  @CsvSource({
    "lang=de, at character 1",
    "(lang=de, at its end",
    "(a=1)(b=2), at character 6",
    "(&(a=1)(b~2)), at character 10",
    "'', at its end"
  })
  void malformedFilterIsQuotedAndSaysWhere(String filter, String where) {
    assertThatThrownBy(() -> host.handle(Greeter.class, filter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + filter + "\" is not an OSGi filter: ")
        .hasMessageContaining(", " + where + ";");
    assertThatThrownBy(() -> host.handles(Greeter.class, filter))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void contractThatIsNotSharedIsRefusedHereToo() {
    assertThatThrownBy(() -> host.handle(Runnable.class, "(lang=de)"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not shared");
    assertThatThrownBy(() -> host.handles(Runnable.class))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
