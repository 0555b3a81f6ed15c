package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;

/** Each way of failing before publish: what is said, and that nothing else has changed. */
@Timeout(60)
class RefusalIT {
  private static final String CURRENT = "generation 1 (1.0.0) stays current";

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Path data;
  private Host host;
  private Handle<Greeter> greeter;
  private List<String> bundlesBefore;
  private List<Path> storedBefore;
  private final Callers callers = new Callers();
  private final Set<String> answers = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void runTheFirstGenerationWithACallerInIt() throws InterruptedException {
    data = folder.resolve("data");
    host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .data(data)
            .startLimit(Duration.ofSeconds(2))
            .listener(events::add)
            .open();
    greeter = host.handle(Greeter.class);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    bundlesBefore = bundles();
    storedBefore = stored();
    events.clear();
    CountDownLatch called = new CountDownLatch(1);
    callers.start(
        "with",
        () -> {
          answers.add(greeter.with(Greeter::version));
          called.countDown();
        });
    called.await();
  }

  /** Whatever a test had refused, its callers noticed nothing. */
  @AfterEach
  void close() throws InterruptedException {
    callers.stop();
    host.close();
    assertThat(callers.failures()).isEmpty();
  }

  @Test
  void missingFile() {
    Refusal refusal = refusedWithoutTrace(folder.resolve("absent.jar"));
    assertThat(refusal).isInstanceOf(Refusal.UnreadableFile.class);
    assertThat(refusal.message()).contains("absent.jar", "there is no such file");
    assertThat(refusal.next()).startsWith("Check the path");
  }

  @Test
  void folderInPlaceOfAFile() {
    assertThat(refusedWithoutTrace(folder).message()).contains("it is not a file");
  }

  @Test
  void halfAZip() throws IOException {
    byte[] whole = PluginJar.greeter("2.0.0").bytes();
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Path half = Files.write(folder.resolve("half.jar"), Arrays.copyOf(whole, length));
      Refusal refusal = refusedWithoutTrace(half);
      assertThat(refusal).isInstanceOf(Refusal.UnreadableFile.class);
      assertThat(refusal.message()).contains("half.jar", "no whole zip archive");
    }
  }

  @Test
  void zipWithADamagedEntry() throws IOException {
    byte[] bytes = PluginJar.greeter("2.0.0").bytes();
    for (int i = bytes.length / 3; i < bytes.length / 3 + 200; i++) { // longer than any header
      bytes[i] ^= 0x55;
    }
    Refusal refusal = refusedWithoutTrace(Files.write(folder.resolve("damaged.jar"), bytes));
    assertThat(refusal).isInstanceOf(Refusal.UnreadableFile.class);
  }

  @Test
  void zipWithoutManifest() throws IOException {
    Path jar = folder.resolve("plain.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new java.util.zip.ZipEntry("readme.txt"));
    }
    Refusal refusal = refusedWithoutTrace(jar);
    assertThat(refusal).isInstanceOf(Refusal.NotABundle.class);
    assertThat(refusal.message()).contains("no META-INF/MANIFEST.MF");
  }

  @Test
  void jarThatIsNoBundle() {
    Path nameless =
        PluginJar.greeter("2.0.0")
            .without("Bundle-SymbolicName")
            .as(folder.resolve("nameless.jar"));
    Refusal refusal = refusedWithoutTrace(nameless);
    assertThat(refusal).isInstanceOf(Refusal.NotABundle.class);
    assertThat(refusal.message()).contains("Bundle-SymbolicName");
  }

  static List<String> namesThatAreNone() {
    return List.of(
        "../../../evil",
        "a/b",
        "a\\b",
        "a b",
        "sys tem.bundle",
        "..",
        "a..b",
        ".a",
        "a".repeat(300));
  }

  /** It would be the name of a file, anywhere. */
  @ParameterizedTest
  @MethodSource("namesThatAreNone")
  void nameThatIsNoSymbolicName(String name) {
    Path jar = PluginJar.named(name, "2.0.0").as(folder.resolve("evil.jar"));
    List<Path> before = files();
    Refusal refusal = refusedWithoutTrace(jar);
    assertThat(refusal).isInstanceOf(Refusal.NotABundle.class);
    assertThat(refusal.message())
        .contains("evil.jar", "its Bundle-SymbolicName \"" + name + "\" is none");
    assertThat(files()).isEqualTo(before);
  }

  /** The data folder lies in it. */
  private List<Path> files() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> !file.startsWith(data.resolve("cache"))).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void namesOfTheFrameworkAreNotForPlugins() {
    String ownName = host.bundleContext().getBundle(0).getSymbolicName();
    for (String name : List.of("system.bundle", ownName)) {
      Refusal refusal = refusedWithoutTrace(PluginJar.named(name, "2.0.0").in(folder));
      assertThat(refusal).isInstanceOf(Refusal.NotSwappable.class);
      assertThat(refusal.message()).contains(name + " 2.0.0", "is never swapped");
    }
  }

  @Test
  void badVersionIsNamed() {
    for (String version : List.of("abc", "1.0.0.0.0")) {
      Refusal refusal = refusedWithoutTrace(PluginJar.greeter(version).in(folder));
      assertThat(refusal).isInstanceOf(Refusal.NotABundle.class);
      assertThat(refusal.why())
          .containsPattern("does not accept it: .*" + version + ".*ersion|ersion.*" + version);
    }
  }

  @Test
  void emptyVersionIsTheLowest() {
    host.swap(PluginJar.greeter("").in(folder));
    assertThat(host.snapshot().plugin("greeter").orElseThrow().current().orElseThrow().version())
        .isEqualTo("0.0.0");
  }

  @Test
  void manifestThatTheFrameworkDoesNotAccept() {
    Refusal refusal =
        refusedWithoutTrace(PluginJar.greeter("2.0.0").header("Import-Package", ";;").in(folder));
    assertThat(refusal).isInstanceOf(Refusal.NotABundle.class);
    assertThat(refusal.message()).contains("the framework does not accept it", CURRENT);
  }

  @Test
  void missingPackageIsNamedWithItsRange() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.greeter("2.0.0")
                .header("Import-Package", "com.acme.clock;version=\"[1.2,2)\"")
                .in(folder));
    assertThat(refusal).isInstanceOf(Refusal.Unresolvable.class);
    assertThat(refusal.message())
        .isEqualTo(
            "refused greeter 2.0.0: nothing exports com.acme.clock [1.2,2); "
                + CURRENT
                + ". Provide what is missing, or change the plugin's requirements, then swap"
                + " again.");
  }

  @Test
  void missingBundleAndCapabilityAreNamed() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.greeter("2.0.0")
                .header("Require-Bundle", "com.acme.lib;bundle-version=\"[3,4)\"")
                .header("Require-Capability", "com.acme.paint;filter:=\"(colour=red)\"")
                .in(folder));
    assertThat(((Refusal.Unresolvable) refusal).missing())
        .containsExactlyInAnyOrder(
            "there is no bundle com.acme.lib [3,4)",
            "nothing provides the capability com.acme.paint (colour=red)");
  }

  @Test
  void contractOfAnotherMajorVersionIsMissing() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.greeter("2.0.0")
                .header(
                    "Import-Package",
                    "org.osgi.framework,dev.hotswap.itest.contract;version=\"[2,3)\"")
                .in(folder));
    assertThat(refusal.message()).contains("nothing exports dev.hotswap.itest.contract [2,3)");
  }

  @Test
  void tooNewForThisJavaIsSaid() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.greeter("2.0.0")
                .header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")
                .in(folder));
    assertThat(refusal.message())
        .contains("version=99", "this is Java " + Runtime.version().feature());
  }

  @Test
  void throwingActivatorIsQuotedAndItsExceptionIsNotKept() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.named("greeter", "2.0.0")
                .activator("ThrowingActivator")
                .classes("PluginException")
                .in(folder));
    assertThat(refusal).isInstanceOf(Refusal.StartFailed.class);
    assertThat(refusal.message())
        .contains(
            "dev.hotswap.itest.plugins.PluginException: the database is not there",
            "ThrowingActivator.start",
            CURRENT);
  }

  @Test
  void refusalHoldsNoThrowableOfThePlugin() {
    Path jar =
        PluginJar.named("greeter", "2.0.0")
            .activator("ThrowingActivator")
            .classes("PluginException")
            .in(folder);
    assertThatThrownBy(() -> host.swap(jar))
        .isInstanceOf(SwapRefusedException.class)
        .hasNoCause()
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).isEmpty());
  }

  @Test
  void missingActivatorClassIsSaid() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.named("greeter", "2.0.0")
                .header("Bundle-Activator", "com.acme.Absent")
                .in(folder));
    assertThat(refusal.message()).contains("com.acme.Absent", CURRENT);
  }

  @Test
  void hangingActivatorIsInterruptedAtItsLimit() {
    CountDownLatch release = new CountDownLatch(1);
    withRelease(
        release,
        () -> {
          Refusal refusal =
              refused(PluginJar.named("greeter", "2.0.0").activator("HangingActivator").in(folder));
          assertThat(refusal).isInstanceOf(Refusal.StartOverdue.class);
          assertThat(refusal.message()).contains("still starting after 2000 ms", CURRENT);
          await().until(() -> bundles().equals(bundlesBefore));
        });
  }

  /** Its service is there before it is refused, and of all it would be the first choice. */
  @Test
  void warmUpThatThrowsRefusesTheSwap() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.warmGreeter("2.0.0", "throws").header("Test-Ranking", "10").in(folder));
    assertThat(refusal).isInstanceOf(Refusal.WarmUpFailed.class);
    assertThat(refusal.message()).contains("its warm-up failed", "no fuel", CURRENT);
  }

  @Test
  void warmUpThatHangsIsInterruptedAtTheStartLimit() {
    Refusal refusal = refusedWithoutTrace(PluginJar.warmGreeter("2.0.0", "hangs").in(folder));
    assertThat(refusal).isInstanceOf(Refusal.WarmUpFailed.class);
    assertThat(refusal.message()).contains("still running after 2000 ms", CURRENT);
  }

  @Test
  void activatorThatIgnoresTheInterruptHoldsNobodyUpAndIsRemovedWhenItReturns() {
    CountDownLatch release = new CountDownLatch(1);
    withRelease(
        release,
        () -> {
          refused(
              PluginJar.named("greeter", "2.0.0")
                  .activator("HangingActivator")
                  .header("Test-Stubborn", "yes")
                  .in(folder));
          assertThat(bundles()).hasSize(bundlesBefore.size() + 1);
          host.swap(PluginJar.greeter("3.0.0").in(folder));
          assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0");
          release.countDown();
          await().until(() -> bundles().size() == bundlesBefore.size());
        });
  }

  @Test
  void everyPluginOfASetThatDoesNotResolveIsNamed() {
    Path one = PluginJar.named("one", "1.0.0").header("Import-Package", "com.acme.x").in(folder);
    Path two = PluginJar.named("two", "2.0.0").header("Import-Package", "com.acme.y").in(folder);
    assertThatThrownBy(() -> host.swap(one, two))
        .isInstanceOf(SwapRefusedException.class)
        .hasMessageContainingAll(
            "one 1.0.0: nothing exports com.acme.x",
            "two 2.0.0: nothing exports com.acme.y",
            "nothing has changed");
  }

  /** Nothing is missing, but two of what it needs see different providers of one package. */
  @Test
  void requirementsThatExcludeEachOtherAreSaid() {
    Path[] base = {
      packages("old-text", "com.acme.text;version=1.0.0", ""),
      packages("new-text", "com.acme.text;version=2.0.0", ""),
      packages("reader", "com.acme.read;uses:=com.acme.text", "com.acme.text;version=\"[1,2)\"")
    };
    Path torn =
        PluginJar.greeter("2.0.0")
            .header(
                "Import-Package",
                "org.osgi.framework,dev.hotswap.itest.contract,com.acme.read,"
                    + "com.acme.text;version=\"[2,3)\"")
            .in(folder);
    try (Host divided =
        Hosts.builder().standby(Duration.ZERO).share(Greeter.class).base(base).open()) {
      divided.handle(Greeter.class);
      assertThatThrownBy(() -> divided.swap(torn))
          .isInstanceOf(SwapRefusedException.class)
          .hasMessageContainingAll("each of its requirements is met", "not all of them together")
          .extracting(thrown -> ((SwapRefusedException) thrown).refusal())
          .isInstanceOf(Refusal.Unresolvable.class);
      assertThat(divided.bundleContext().getBundles()).hasSize(1 + base.length);
    }
  }

  private Path packages(String name, String exported, String imported) {
    PluginJar jar =
        PluginJar.named(name, "1.0.0").without("Import-Package").header("Export-Package", exported);
    return (imported.isEmpty() ? jar : jar.header("Import-Package", imported)).in(folder);
  }

  @Test
  void noServiceOfTheContract() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.named("greeter", "2.0.0").activator("IdleActivator").in(folder));
    assertThat(refusal).isInstanceOf(Refusal.NoContractService.class);
    assertThat(refusal.message())
        .contains("no service", "dev.hotswap.itest.contract.Greeter", CURRENT);
  }

  @Test
  void newPluginWithoutAnyContractIsRefusedToo() {
    Refusal refusal =
        refused(PluginJar.named("idle", "1.0.0").activator("IdleActivator").in(folder));
    assertThat(refusal).isInstanceOf(Refusal.NoContractService.class);
    assertThat(refusal.message()).contains("nothing has changed");
  }

  @Test
  void contractThatCallersUseMayNotDisappear() {
    try (Host both =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class, Clock.class)
            .startLimit(limit())
            .open()) {
      both.handle(Greeter.class);
      Handle<Clock> clock = both.handle(Clock.class);
      both.swap(PluginJar.greeter("1.0.0").activator("ClockAndGreeterActivator").in(folder));
      assertThatThrownBy(() -> both.swap(PluginJar.greeter("2.0.0").in(folder)))
          .isInstanceOf(SwapRefusedException.class)
          .hasMessageContaining(
              "it registers dev.hotswap.itest.contract.Greeter,"
                  + " but not dev.hotswap.itest.contract.Clock");
      assertThat(clock.with(Clock::version)).isEqualTo("1.0.0");
    }
  }

  private static Duration limit() {
    return Duration.ofSeconds(2);
  }

  @Test
  void serviceThatTheFrameworkDoesNotGive() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.named("greeter", "2.0.0").activator("StrangerActivator").in(folder));
    assertThat(refusal).isInstanceOf(Refusal.NoContractService.class);
    assertThat(refusal.message())
        .contains("gives no service object", "dev.hotswap.itest.contract.Greeter", CURRENT);
  }

  @Test
  void serviceOfAnotherClassSpace() {
    Path copy =
        PluginJar.named("contract-copy", "1.0.0")
            .without("Import-Package")
            .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.9.0\"")
            .type(Greeter.class.getName())
            .in(folder);
    try (Host divided =
        Hosts.builder().standby(Duration.ZERO).share(Greeter.class).base(copy).open()) {
      divided.handle(Greeter.class);
      assertThatThrownBy(() -> divided.swap(PluginJar.greeter("1.0.0").in(folder)))
          .isInstanceOf(SwapRefusedException.class)
          .hasMessageContaining("is no dev.hotswap.itest.contract.Greeter as the host sees it")
          .hasMessageContaining("contract-copy")
          .extracting(thrown -> ((SwapRefusedException) thrown).refusal())
          .isInstanceOf(Refusal.WrongClassSpace.class);
      assertThat(divided.snapshot().plugins()).isEmpty();
    }
  }

  @Test
  void privateCopyOfTheContract() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.greeter("2.0.0")
                .header("Import-Package", "org.osgi.framework")
                .type(Greeter.class.getName())
                .in(folder));
    assertThat(refusal).isInstanceOf(Refusal.EmbeddedContract.class);
    assertThat(refusal.message())
        .contains("its own copy of the contract's package dev.hotswap.itest.contract", CURRENT);
  }

  @Test
  void copyOfTheContractThatIsWiredToTheSharedOneIsFine() {
    host.swap(
        PluginJar.greeter("2.0.0")
            .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.2.0\"")
            .type(Greeter.class.getName())
            .in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  @Test
  void fragmentCannotRunByItself() {
    Refusal refusal =
        refusedWithoutTrace(
            PluginJar.named("greeter", "2.0.0").header("Fragment-Host", "other").in(folder));
    assertThat(refusal.message()).contains("there is no host bundle other");
  }

  @Test
  void unknownPluginCannotBeUnloaded() {
    assertThatThrownBy(() -> host.unload("nobody"))
        .isInstanceOf(SwapRefusedException.class)
        .hasMessageContaining("refused nobody: no such plugin is deployed");
  }

  @Test
  void correctedFileWorksAfterARefusal() {
    refusedWithoutTrace(PluginJar.named("greeter", "2.0.0").activator("IdleActivator").in(folder));
    host.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  /** Refused; the old one answers; bundles and stored files are what they were; one event. */
  private Refusal refusedWithoutTrace(Path jar) {
    events.clear();
    Refusal refusal = refused(jar);
    assertThat(events).hasSize(1);
    assertThat(bundles()).isEqualTo(bundlesBefore);
    assertThat(stored()).isEqualTo(storedBefore);
    assertThat(host.snapshot().plugin("greeter").orElseThrow().generations()).hasSize(1);
    return refusal;
  }

  private Refusal refused(Path jar) {
    SwapRefusedException thrown =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(jar));
    assertThat(thrown).as("the swap of %s was not refused", jar).isNotNull();
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    assertThat(answers).containsExactly("1.0.0");
    assertThat(events)
        .last()
        .isInstanceOfSatisfying(
            SwapEvent.Refused.class,
            event -> assertThat(event.refusal()).isEqualTo(thrown.refusal()));
    return thrown.refusal();
  }

  private List<String> bundles() {
    return Stream.of(host.bundleContext().getBundles()).map(Bundle::getLocation).sorted().toList();
  }

  private List<Path> stored() {
    try (Stream<Path> files = Files.walk(data.resolve("store"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The fixture finds its latch where both class spaces can: in the system properties. */
  private static void withRelease(CountDownLatch release, Runnable test) {
    System.getProperties().put("test.release", release);
    try {
      test.run();
    } finally {
      release.countDown();
      System.getProperties().remove("test.release");
    }
  }
}
