package dev.hotswap.itest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.StagedSet;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Board;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.FindHook;

/** What an onlooker, a bundle without code, finds and hears of the services of swapped plugins. */
@Timeout(60)
class RawServicesIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String STAND_IN = "(hotswap.proxy=true)";
  private static final String GREETERS = "(objectClass=" + Greeter.class.getName() + ")";
  private static final String RUNNABLES = "(objectClass=java.lang.Runnable)";

  @TempDir Path folder;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private Host host;
  private Handle<Greeter> greeter;
  private BundleContext onlooker;

  @BeforeEach
  void open() {
    host = builder().open();
    greeter = host.handle(Greeter.class);
    onlooker = bundle(host, "onlooker").getBundleContext();
  }

  private Host.Builder builder() {
    return Hosts.builder()
        .standby(Duration.ZERO)
        .share(Greeter.class, Board.class)
        .base(PluginJar.named("onlooker", "1.0.0").in(folder))
        .availability(Duration.ofMillis(50));
  }

  @AfterEach
  void close() {
    host.close();
  }

  private static Bundle bundle(Host host, String name) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(candidate -> name.equals(candidate.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> find(BundleContext context, String name, String filter)
      throws InvalidSyntaxException {
    ServiceReference<?>[] found = context.getServiceReferences(name, filter);
    return Stream.of(found == null ? new ServiceReference<?>[0] : found)
        .map(reference -> reference.getBundle().getSymbolicName())
        .sorted()
        .toList();
  }

  private void listen(String label, String filter) throws InvalidSyntaxException {
    onlooker.addServiceListener(event -> heard.add(label + " " + type(event)), filter);
  }

  private static String type(ServiceEvent event) {
    return switch (event.getType()) {
      case ServiceEvent.REGISTERED -> "registered";
      case ServiceEvent.MODIFIED -> "modified";
      case ServiceEvent.MODIFIED_ENDMATCH -> "endmatch";
      default -> "unregistering";
    };
  }

  private void swap(String version) throws Exception {
    host.swap(PluginJar.greeter(version).in(folder)).awaitReclaimed(LIMIT);
  }

  @Test
  void othersFindTheStandInOnly() throws Exception {
    swap("1.0.0");
    String name = Greeter.class.getName();
    String system = host.bundleContext().getBundle().getSymbolicName();
    assertThat(find(onlooker, name, null)).containsExactly(system);
    assertThat(find(onlooker, null, GREETERS)).containsExactly(system);
    assertThat(find(onlooker, null, "(|" + GREETERS + RUNNABLES + ")")).containsExactly(system);
    assertThat(find(onlooker, null, null)).doesNotContain("greeter");
    assertThat(onlooker.getAllServiceReferences(name, null))
        .singleElement()
        .satisfies(
            reference -> {
              assertThat(reference.getProperty("hotswap.proxy")).isEqualTo(true);
              assertThat(reference.getProperty(Constants.SERVICE_RANKING)).isNull();
              assertThat(onlooker.getService(reference)).isSameAs(greeter.proxy());
            });
  }

  @Test
  void theProviderAndTheHostSeeTheRawServiceToo() throws Exception {
    swap("1.0.0");
    BundleContext provider = bundle(host, "greeter").getBundleContext();
    assertThat(find(provider, Greeter.class.getName(), "(!" + STAND_IN + ")"))
        .containsExactly("greeter");
    assertThat(find(host.bundleContext(), Greeter.class.getName(), "(!" + STAND_IN + ")"))
        .containsExactly("greeter");
  }

  @Test
  void theStandInAnswersNoHandle() throws Exception {
    swap("1.0.0");
    ServiceReference<?> standIn =
        host.bundleContext().getServiceReferences(Greeter.class.getName(), STAND_IN)[0];
    assertThat(standIn.getUsingBundles()).as("bundles that got the stand-in").isNull();
    assertThat(greeter.with(Object::getClass).getSimpleName()).isEqualTo("OpenGreeter");
  }

  @Test
  void aSwapIsNotHeard() throws Exception {
    listen("greeter", GREETERS);
    listen("any", null);
    swap("1.0.0");
    assertThat(heard).containsExactlyInAnyOrder("greeter registered", "any registered");
    heard.clear();
    swap("2.0.0");
    swap("3.0.0");
    assertThat(heard).isEmpty();
    host.unload("greeter");
    assertThat(heard).containsExactlyInAnyOrder("greeter unregistering", "any unregistering");
    assertThat(find(onlooker, null, GREETERS)).isEmpty();
  }

  /**
   * The framework has collected the raw service, and asks the hooks, when its generation leaves.
   */
  @Test
  void rawServiceThatLeavesInTheMiddleOfASearchIsNotFound() throws Exception {
    swap("1.0.0");
    List<Object> leaving = new CopyOnWriteArrayList<>();
    Dictionary<String, Object> first =
        new Hashtable<>(Map.of(Constants.SERVICE_RANKING, Integer.MAX_VALUE));
    FindHook unloading =
        (asker, name, filter, all, found) -> {
          if (leaving.isEmpty()) {
            found.forEach(reference -> leaving.add(reference.getProperty("service.bundleid")));
            retire("greeter");
          }
        };
    host.bundleContext().registerService(FindHook.class, unloading, first);
    long greeters = bundle(host, "greeter").getBundleId();
    ServiceReference<?>[] found = onlooker.getServiceReferences((String) null, GREETERS);
    assertThat(leaving).contains(greeters);
    assertThat(found == null ? new ServiceReference<?>[0] : found)
        .extracting(reference -> reference.getProperty("service.bundleid"))
        .doesNotContain(greeters);
  }

  private void retire(String plugin) {
    try {
      host.unload(plugin).awaitReclaimed(LIMIT);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What a set sees of itself before its publish. */
  @Test
  void whatIsStagedTogetherIsSeenByNobodyElse() throws Exception {
    host.close();
    host = builder().share(Clock.class).base(RealBundles.scr()).open();
    onlooker = bundle(host, "onlooker").getBundleContext();
    host.swap(
        PluginJar.named("neighbour", "1.0.0")
            .activator("BoardActivator")
            .classes("VersionedBoard")
            .in(folder));
    BundleContext neighbour = bundle(host, "neighbour").getBundleContext();
    listen("any", null);
    neighbour.addServiceListener(event -> heard.add("neighbour " + type(event)));
    Path broken = PluginJar.named("broken", "1.0.0").activator("ThrowingActivator").in(folder);
    assertThat(catchThrowable(() -> host.swap(clock(), clocked(), broken)))
        .hasMessageContaining("refused broken 1.0.0: it failed to start");
    host.stage(clock(), clocked()).discard();
    StagedSet set = host.stage(clock(), clocked());
    BundleContext consumer = bundle(host, "clocked").getBundleContext();
    String system = host.bundleContext().getBundle().getSymbolicName();
    String clock = Clock.class.getName();
    assertThat(find(consumer, clock, null)).containsExactly(system);
    assertThat(find(onlooker, clock, null)).isEmpty();
    assertThat(find(neighbour, clock, null)).isEmpty();
    assertThat(heard).isEmpty();
    consumer.addServiceListener(event -> heard.add("consumer " + type(event)));
    set.publish();
    assertThat(heard)
        .as("of the clock and of the greeter; those of the set hear nothing")
        .containsExactlyInAnyOrder(
            "any registered", "any registered", "neighbour registered", "neighbour registered");
    assertThat(find(onlooker, clock, null)).containsExactly(system);
    assertThat(find(consumer, clock, null)).containsExactly(system);
    heard.clear();
    host.unload("clock");
    assertThat(find(consumer, clock, null)).isEmpty();
    assertThat(find(host.bundleContext(), clock, STAND_IN)).isEmpty();
  }

  private Path clock() {
    return PluginJar.named("clock", "1.0.0")
        .component("ComponentClock", Clock.class.getName(), "")
        .classes("LateLoaded")
        .in(folder);
  }

  private Path clocked() {
    return PluginJar.named("clocked", "1.0.0")
        .component(
            "ClockedGreeter",
            Greeter.class.getName(),
            "<reference name='Clock' interface='dev.hotswap.itest.contract.Clock' bind='setClock'"
                + " unbind='unsetClock'/>")
        .classes("ComponentGreeter", "OpenGreeter", "LateLoaded", "PluginException")
        .in(folder);
  }

  @Test
  void aSwapThatIsRefusedIsNotHeard() throws Exception {
    swap("1.0.0");
    listen("any", null);
    Path bad = PluginJar.greeter("2.0.0").activator("ThrowingActivator").in(folder);
    assertThat(catchThrowable(() -> host.swap(bad))).hasMessageContaining("refused greeter 2.0.0");
    assertThat(heard).isEmpty();
  }

  @Test
  void theStandInStaysUntilTheLastProviderLeaves() throws Exception {
    swap("1.0.0");
    listen("greeter", GREETERS);
    host.swap(PluginJar.greeter("9.0.0").header("Bundle-SymbolicName", "louder").in(folder));
    host.unload("greeter");
    assertThat(heard).isEmpty();
    host.unload("louder");
    assertThat(heard).containsExactly("greeter unregistering");
  }

  @Test
  void serviceIsFoundAndHeardOfByTheNamesThatAreNotManaged() throws Exception {
    listen("runnable", RUNNABLES);
    listen("red", "(&" + RUNNABLES + "(color=red))");
    listen("both", "(&" + RUNNABLES + GREETERS + ")");
    listen("greeter", GREETERS);
    host.swap(twoNames());
    assertThat(heard)
        .containsExactlyInAnyOrder("runnable registered", "red registered", "greeter registered");
    assertThat(find(onlooker, "java.lang.Runnable", null)).containsExactly("two-names");
    assertThat(find(onlooker, null, "(color=red)")).containsExactly("two-names");
    assertThat(find(onlooker, Greeter.class.getName(), "(color=red)")).isEmpty();
    assertThat(find(onlooker, null, "(&" + GREETERS + "(color=red))")).isEmpty();
    heard.clear();
    greeter.use(service -> ((Runnable) service).run());
    assertThat(heard).containsExactlyInAnyOrder("runnable modified", "red endmatch");
    heard.clear();
    host.unload("two-names").awaitReclaimed(LIMIT);
    assertThat(heard).containsExactlyInAnyOrder("greeter unregistering", "runnable unregistering");
  }

  private Path twoNames() {
    return PluginJar.named("two-names", "1.0.0")
        .activator("TwoNamesActivator")
        .classes("TwoNamesActivator$RunnableGreeter", "OpenGreeter", "PluginException")
        .in(folder);
  }

  @Test
  void servicesOfAContractThatIsAClassStayVisible() throws Exception {
    host.swap(
        PluginJar.named("board", "1.0.0")
            .activator("BoardActivator")
            .classes("VersionedBoard")
            .in(folder));
    assertThat(find(onlooker, Board.class.getName(), null)).containsExactly("board");
    assertThat(host.handle(Board.class).with(Board::version)).isEqualTo("1.0.0");
  }

  @Test
  void contractThatIsAClassIsRefusedAStandInOnce() {
    try (LogLines logged = LogLines.of("dev.hotswap.osgi.Engine");
        Host other = builder().open()) {
      other.handle(Board.class);
      other.handles(Board.class);
      assertThat(logged.lines())
          .containsExactly(
              "event=no-stand-in contract="
                  + Board.class.getName()
                  + " reason=\"it is a class, and only an interface can have a proxy: plugins that"
                  + " get it from the service registry hold it past a swap\"");
    }
  }

  @Test
  void serviceThatWasThereBeforeItsContractWasManagedIsSeenOffByThoseWhoKnowIt() throws Exception {
    host.swap(clockAndGreeter("1.0.0"));
    String name = Clock.class.getName();
    assertThat(find(onlooker, name, null)).containsExactly("greeter");
    listen("clock", "(objectClass=" + name + ")");
    host.handle(Clock.class);
    assertThat(heard).containsExactly("clock registered"); // the stand-in
    host.swap(clockAndGreeter("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(heard).containsExactly("clock registered", "clock unregistering");
    assertThat(find(onlooker, name, STAND_IN)).hasSize(1);
    assertThat(find(onlooker, name, null)).hasSize(1);
  }

  private Path clockAndGreeter(String version) {
    return PluginJar.greeter(version).activator("ClockAndGreeterActivator").in(folder);
  }

  private interface Deed {
    void run() throws Exception;
  }

  /** Whoever takes the last provider away: who hears of it can still call. */
  @ParameterizedTest
  @ValueSource(strings = {"unload", "stop", "uninstall", "close"})
  void theStandInLeavesWhileItStillAnswers(String how) throws Exception {
    swap("1.0.0");
    Greeter kept = onlooker.getService(onlooker.getServiceReference(Greeter.class));
    onlooker.addServiceListener(event -> heard.add(type(event) + " " + kept.version()), GREETERS);
    Bundle bundle = bundle(host, "greeter");
    Deed deed =
        switch (how) {
          case "unload" -> () -> host.unload("greeter");
          case "stop" -> bundle::stop;
          case "uninstall" -> bundle::uninstall;
          default -> host::close;
        };
    deed.run();
    assertThat(heard).containsExactly("unregistering 1.0.0");
  }

  @Test
  void callOnAKeptStandInThatNobodyAnswersSaysSo() throws Exception {
    swap("1.0.0");
    Greeter kept = onlooker.getService(onlooker.getServiceReference(Greeter.class));
    host.unload("greeter");
    assertThat(catchThrowable(kept::version)).isInstanceOf(NoGenerationException.class);
    swap("2.0.0");
    assertThat(kept.version()).isEqualTo("2.0.0");
  }

  @Test
  void consumerThatHangsWhenItIsToldHoldsNobodyUp() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Host other =
        builder().startLimit(Duration.ofMillis(500)).drainDeadline(Duration.ofMillis(10)).open()) {
      ServiceListener hanging = event -> awaitQuietly(go, type(event));
      bundle(other, "onlooker").getBundleContext().addServiceListener(hanging, GREETERS);
      other.swap(PluginJar.greeter("1.0.0").in(folder));
      other.swap(PluginJar.greeter("2.0.0").in(folder)).awaitReclaimed(LIMIT);
      assertThat(other.handle(Greeter.class).with(Greeter::version)).isEqualTo("2.0.0");
      other.unload("greeter").awaitReclaimed(LIMIT);
      assertThat(heard).containsExactly("registered");
      go.countDown();
      // what was missed is made up for: there is no greeter any more
      await().untilAsserted(() -> assertThat(heard).containsExactly("registered", "unregistering"));
    } finally {
      go.countDown();
    }
  }

  private void awaitQuietly(CountDownLatch go, String type) {
    heard.add(type);
    try {
      go.await(20, SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closingLeavesNoThread() throws Exception {
    host.close(); // or a spare thread of this one might begin meanwhile
    Leftovers leftovers = new Leftovers();
    try (Host other = builder().open()) {
      other.swap(PluginJar.greeter("1.0.0").in(folder));
    }
    leftovers.awaitNoThreads();
  }
}
