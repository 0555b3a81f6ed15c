package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.host.HostCloseException;
import dev.hotswap.host.HostStartException;
import dev.hotswap.itest.contract.Greeter;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

@Timeout(60)
class HostIT {
  private static final Duration AN_HOUR = Duration.ofHours(1);

  @TempDir Path folder;

  @Test
  void closeEndsEveryThreadAndDeletesTheTemporaryFolder() {
    Leftovers leftovers = new Leftovers();
    Host host = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open();
    Path cache = Path.of(host.bundleContext().getProperty(Constants.FRAMEWORK_STORAGE));
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    host.swap(PluginJar.greeter("2.0.0").in(folder));
    assertThat(host.handle(Greeter.class).with(Greeter::version)).isEqualTo("2.0.0");
    assertThat(cache.getParent()).isDirectoryContaining("glob:**/store");
    host.close();
    assertThat(cache.getParent()).doesNotExist();
    leftovers.awaitNoThreads();
  }

  /** A program may keep handles and proxies for as long as it lives, and open host after host. */
  @Test
  void closeLetsPluginAndFrameworkBeCollectedThoughHandlesAndProxiesAreKept() {
    openUseAndClose(); // the JDK opens a thing or two of its own at the first use
    System.gc();
    long descriptors = Descriptors.open();
    Used used = openUseAndClose();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(used.plugin.get()).as("the plugin's class loader").isNull();
              assertThat(used.framework.get()).as("the framework's context").isNull();
              assertThat(Descriptors.open()).isLessThanOrEqualTo(descriptors);
            });
    assertThatThrownBy(() -> used.greeter.with(Greeter::version))
        .isInstanceOf(NoGenerationException.class);
    assertThatThrownBy(used.kept::version).isInstanceOf(NoGenerationException.class);
  }

  private Used openUseAndClose() {
    try (Host host = Hosts.builder().share(Greeter.class).open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      Greeter kept = greeter.proxy();
      host.swap(PluginJar.greeter("1.0.0").in(folder));
      host.swap(PluginJar.greeter("2.0.0").in(folder)); // 1.0.0 stands by
      assertThat(kept.version()).isEqualTo("2.0.0");
      return new Used(
          greeter,
          kept,
          new WeakReference<>(greeter.with(service -> service.getClass().getClassLoader())),
          new WeakReference<>(host.bundleContext()));
    }
  }

  /** What is left in hand of a host that is closed. */
  private record Used(
      Handle<Greeter> greeter,
      Greeter kept,
      WeakReference<ClassLoader> plugin,
      WeakReference<BundleContext> framework) {}

  /** To end by an interrupt and then to close is the usual way. */
  @Test
  void closeByAnInterruptedThreadLeavesNothingEither() {
    Leftovers leftovers = new Leftovers();
    Host host = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open();
    Path cache = Path.of(host.bundleContext().getProperty(Constants.FRAMEWORK_STORAGE));
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Thread.currentThread().interrupt();
    try {
      host.close();
    } finally {
      assertThat(Thread.interrupted()).as("kept").isTrue();
    }
    assertThat(cache.getParent()).doesNotExist();
    leftovers.awaitNoThreads();
  }

  @Test
  void closeWaitsForTheCallInFlightWhileNewCallsFailAtOnce() throws Exception {
    Host host =
        Hosts.builder().standby(Duration.ZERO).share(Greeter.class).availability(AN_HOUR).open();
    Handle<Greeter> greeter = host.handle(Greeter.class);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Held held = new Held(greeter);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(host::close);
    await().until(() -> isClosedTo(greeter));
    assertThat(closed).isNotDone();
    held.go.countDown();
    assertThat(held.answer.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
  }

  @Test
  void closeGoesOnWithoutTheCallThatDoesNotEndByTheDrainDeadline() throws Exception {
    Leftovers leftovers = new Leftovers();
    Host host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .drainDeadline(Duration.ofMillis(100))
            .open();
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Held retired = new Held(host.handle(Greeter.class));
    host.swap(PluginJar.greeter("2.0.0").in(folder));
    Held current = new Held(host.handle(Greeter.class));
    host.close();
    assertThat(retired.answer).isNotDone();
    assertThat(current.answer).isNotDone();
    retired.go.countDown();
    current.go.countDown();
    leftovers.awaitNoThreads();
  }

  @Test
  void closeSaysWhoseActivatorHangsAndGivesTheFolderBackWhenItReturns() {
    Leftovers leftovers = new Leftovers();
    Path data = folder.resolve("data");
    CountDownLatch release = new CountDownLatch(1);
    System.getProperties().put("test.release", release);
    try {
      Host host =
          Hosts.builder()
              .share(Greeter.class)
              .data(data)
              .startLimit(Duration.ofMillis(100))
              .stopLimit(Duration.ofMillis(100))
              .open();
      Path hanging =
          PluginJar.named("hanging", "1.0.0")
              .activator("HangingActivator")
              .header("Test-Stubborn", "yes")
              .in(folder);
      assertThat(refusalOf(() -> host.swap(hanging))).isInstanceOf(Refusal.StartOverdue.class);
      assertThatThrownBy(host::close)
          .isInstanceOf(HostCloseException.class)
          .hasMessageContainingAll(
              "the framework of this host has not stopped",
              "hanging 1.0.0 is still starting",
              "the data folder is taken until they end");
      assertThatThrownBy(() -> Hosts.builder().data(data).open())
          .isInstanceOf(HostStartException.class)
          .hasMessageContaining("uses the data folder");
    } finally {
      release.countDown();
      System.getProperties().remove("test.release");
    }
    leftovers.awaitNoThreads();
    Hosts.builder().data(data).open().close();
  }

  @Test
  void closeInterruptsAStopThatHangs() {
    Leftovers leftovers = new Leftovers();
    System.getProperties().put("test.release", new CountDownLatch(1));
    try {
      hostOfPluginThatHangsInItsStop(slowToStop()).close();
    } finally {
      System.getProperties().remove("test.release");
    }
    leftovers.awaitNoThreads();
  }

  @Test
  void closeSaysWhoHangsInItsStopAndGivesTheFolderBackWhenItReturns() {
    Leftovers leftovers = new Leftovers();
    Path data = folder.resolve("data");
    CountDownLatch release = new CountDownLatch(1);
    System.getProperties().put("test.release", release);
    try {
      Host host = hostOfPluginThatHangsInItsStop(slowToStop().header("Test-Stubborn", "yes"));
      assertThatThrownBy(host::close)
          .isInstanceOf(HostCloseException.class)
          .hasMessageContainingAll("slow 1.0.0 is still stopping", "the data folder is taken");
      assertThatThrownBy(() -> Hosts.builder().data(data).open())
          .isInstanceOf(HostStartException.class)
          .hasMessageContaining("another host (process ")
          .hasMessageContaining(") uses the data folder");
    } finally {
      release.countDown();
      System.getProperties().remove("test.release");
    }
    leftovers.awaitNoThreads();
    Hosts.builder().data(data).open().close();
  }

  private Host hostOfPluginThatHangsInItsStop(PluginJar slow) {
    return Hosts.builder()
        .share(Greeter.class)
        .data(folder.resolve("data"))
        .startLimit(Duration.ofSeconds(2))
        .stopLimit(Duration.ofMillis(100))
        .plugins(slow.in(folder))
        .open();
  }

  private static PluginJar slowToStop() {
    return PluginJar.greeter("1.0.0")
        .header("Bundle-SymbolicName", "slow")
        .activator("SlowStopActivator")
        .classes("GreeterActivator");
  }

  @Test
  void callsAndSwapsAfterCloseAreRefusedAtOnceAndClosingAgainDoesNothing() {
    Path jar = PluginJar.greeter("1.0.0").in(folder);
    Host host =
        Hosts.builder().standby(Duration.ZERO).share(Greeter.class).availability(AN_HOUR).open();
    Handle<Greeter> greeter = host.handle(Greeter.class);
    Greeter kept = greeter.proxy();
    host.swap(jar);
    host.close();
    host.close();
    assertThatThrownBy(() -> greeter.with(Greeter::version))
        .isInstanceOf(NoGenerationException.class);
    assertThatThrownBy(kept::version).isInstanceOf(NoGenerationException.class);
    assertThatThrownBy(greeter::lease).isInstanceOf(NoGenerationException.class);
    assertThat(refusalOf(() -> host.swap(jar))).isInstanceOf(Refusal.Closing.class);
    assertThat(refusalOf(() -> host.unload("greeter"))).isInstanceOf(Refusal.Closing.class);
  }

  /** As where the process ends when the second has returned. */
  @Test
  void secondCloseWaitsForTheFirst() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Host host = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open();
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Handle<Greeter> greeter = host.handle(Greeter.class);
    FutureTask<String> call =
        new FutureTask<>(() -> greeter.with(service -> service.holdThenLoadLate(inside, go)));
    new Thread(call, "caller").start();
    inside.await();
    Thread first = new Thread(host::close, "first-close");
    first.start();
    await().until(() -> refusalOf(() -> host.unload("greeter")) instanceof Refusal.Closing);

    Thread second = new Thread(host::close, "second-close");
    second.start();
    await().until(() -> second.getState() == Thread.State.WAITING || !second.isAlive());
    assertThat(second.isAlive()).as("it waits").isTrue();
    go.countDown();
    second.join(20_000);

    assertThat(second.isAlive()).isFalse();
    assertThat(call.get(20, TimeUnit.SECONDS)).contains("1.0.0");
    first.join(20_000);
  }

  @Test
  void callThatWaitsForAPluginFailsWhenTheHostCloses() throws Exception {
    Host host =
        Hosts.builder().standby(Duration.ZERO).share(Greeter.class).availability(AN_HOUR).open();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                host.handle(Greeter.class).with(Greeter::version);
              } catch (RuntimeException e) {
                thrown.complete(e);
              }
            });
    caller.start();
    await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    host.close();
    assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(NoGenerationException.class);
  }

  @Test
  void secondHostOnADataFolderIsToldWhoHasItUntilTheFirstCloses() throws Exception {
    Path data = folder.resolve("data");
    try (Host first = Hosts.builder().standby(Duration.ZERO).data(data).open()) {
      assertThatThrownBy(() -> Hosts.builder().standby(Duration.ZERO).data(data).open())
          .isInstanceOf(HostStartException.class)
          .hasMessageContainingAll(
              "another host (process " + ProcessHandle.current().pid() + ") uses the data folder",
              data.toString(),
              "or name another folder");
      assertThat(first.snapshot().plugins()).isEmpty();
      // a process that closes a file gives up its locks on it, also those of the first host
      try (ChildJvm other = ChildJvm.start(HoldsDataFolder.class, data.toString())) {
        assertThat(other.finish()).isNotZero();
      }
    }
    Hosts.builder().standby(Duration.ZERO).data(data).open().close();
  }

  @Test
  void secondHostOnADataFolderOfAnotherProcessIsToldTheSame() throws Exception {
    Path data = folder.resolve("data");
    try (ChildJvm child = ChildJvm.start(HoldsDataFolder.class, data.toString())) {
      child.readTo("open");
      assertThatThrownBy(() -> Hosts.builder().standby(Duration.ZERO).data(data).open())
          .isInstanceOf(HostStartException.class)
          .hasMessageContainingAll(
              "another host (process " + child.pid() + ") uses the data folder", data.toString());
      assertThat(child.finish()).isZero();
    }
    Hosts.builder().standby(Duration.ZERO).data(data).open().close();
  }

  @Test
  @Tag(
      "felix") // Equinox takes the JVM's one factory of URL handlers, and has no setting against it
  void embedderKeepsItsUrlHandlersAndSystemProperties() throws Exception {
    Path jar = PluginJar.greeter("1.0.0").in(folder);
    try (ChildJvm child = ChildJvm.start(OwnUrlHandlers.class, jar.toString())) {
      assertThat(child.readTo("done"))
          .containsSubsequence("the embedder's", "1.0.0", "changed properties: {}");
      assertThat(child.finish()).isZero();
    }
  }

  @Test
  void contractThatIsNotSharedIsNamedWithTheRemedy() {
    try (Host host = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open()) {
      assertThatThrownBy(() -> host.handle(Supplier.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              "java.util.function.Supplier is not shared", "share(Supplier.class)");
    }
  }

  @Test
  void contractInNoPackageCannotBeShared() throws Exception {
    Class<?> unpackaged = Class.forName("Unpackaged");
    refusesToOpen(
        Hosts.builder().standby(Duration.ZERO).share(unpackaged), "Unpackaged is in no package");
  }

  @Test
  void contractThatTheFrameworkDoesNotSeeCannotBeShared() throws Exception {
    URL classes = Greeter.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader apart = new URLClassLoader(new URL[] {classes}, null)) {
      Class<?> stranger = apart.loadClass(Greeter.class.getName());
      refusesToOpen(
          Hosts.builder().standby(Duration.ZERO).share(stranger),
          Greeter.class.getName() + " cannot be shared");
    }
  }

  @Test
  void baseBundleThatIsNotThereStopsTheStart() {
    refusesToOpen(
        Hosts.builder().standby(Duration.ZERO).base(folder.resolve("absent.jar")),
        "absent.jar cannot be read");
  }

  @Test
  void baseBundleThatIsNoBundleStopsTheStart() throws Exception {
    Path text = Files.writeString(folder.resolve("text.jar"), "this is no zip archive");
    refusesToOpen(Hosts.builder().standby(Duration.ZERO).base(text), "text.jar");
  }

  @Test
  void baseBundleThatDoesNotResolveStopsTheStart() {
    Path jar =
        PluginJar.named("needy", "1.0.0").header("Import-Package", "com.acme.clock").in(folder);
    refusesToOpen(Hosts.builder().standby(Duration.ZERO).base(jar), "com.acme.clock");
  }

  @Test
  void baseBundleWhoseActivatorThrowsStopsTheStart() {
    Path jar =
        PluginJar.named("thrower", "1.0.0")
            .activator("ThrowingActivator")
            .classes("PluginException")
            .in(folder);
    refusesToOpen(Hosts.builder().standby(Duration.ZERO).share(Greeter.class).base(jar), "thrower");
  }

  @Test
  void dataFolderThatIsAFileStopsTheStart() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> Hosts.builder().standby(Duration.ZERO).data(file).open())
        .isInstanceOf(HostStartException.class)
        .hasMessageContainingAll(file.toString(), "nothing was started");
  }

  @Test
  void pluginThatIsRefusedAtStartStopsTheStartAndLeavesNothing() {
    Leftovers leftovers = new Leftovers();
    Path data = folder.resolve("data");
    Path good = PluginJar.greeter("1.0.0").in(folder);
    Path bad = PluginJar.named("idle", "1.0.0").header("Import-Package", "com.acme").in(folder);
    Host.Builder builder =
        Hosts.builder().standby(Duration.ZERO).share(Greeter.class).data(data).plugins(good, bad);
    assertThat(refusalOf(builder::open)).isInstanceOf(Refusal.Unresolvable.class);
    assertLeft(data, leftovers);
  }

  /** Opening fails with the words, and leaves no thread, no file and no lock. */
  private void refusesToOpen(Host.Builder builder, String words) {
    Leftovers leftovers = new Leftovers();
    Path data = folder.resolve("data");
    assertThatThrownBy(() -> builder.data(data).open())
        .isInstanceOf(HostStartException.class)
        .hasMessageContaining(words);
    assertLeft(data, leftovers);
  }

  private static void assertLeft(Path data, Leftovers leftovers) {
    leftovers.awaitNoThreads();
    if (Files.exists(data)) {
      assertThat(data.toFile().list())
          .containsExactlyInAnyOrder("lock", "lock.jvm", "journal", "store");
    }
    Hosts.builder().standby(Duration.ZERO).data(data).open().close();
  }

  private static boolean isClosedTo(Handle<Greeter> greeter) {
    try {
      greeter.with(Greeter::version);
      return false;
    } catch (NoGenerationException e) {
      return true;
    }
  }

  private static Refusal refusalOf(Supplier<?> work) {
    try {
      work.get();
    } catch (SwapRefusedException e) {
      return e.refusal();
    }
    throw new AssertionError("it was not refused");
  }

  /** A call that stays inside until it is let go. */
  private static final class Held {
    final CountDownLatch go = new CountDownLatch(1);
    final CompletableFuture<String> answer = new CompletableFuture<>();

    Held(Handle<Greeter> greeter) throws InterruptedException {
      CountDownLatch inside = new CountDownLatch(1);
      Thread thread =
          new Thread(
              () -> {
                try {
                  answer.complete(greeter.with(g -> g.holdThenLoadLate(inside, go)));
                } catch (Exception | LinkageError e) {
                  answer.complete("failed: " + e);
                }
              },
              "held-call");
      thread.start();
      inside.await();
    }
  }

  @Test
  void argumentThatIsNullIsNamed() {
    try (Host host = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open()) {
      isNamed("one of the files to swap is null", () -> host.swap((Path) null));
      isNamed("the files to swap are null", () -> host.plan((Path[]) null));
      isNamed("the options are null", () -> host.stage((SwapOptions) null, Path.of("a.jar")));
      isNamed("the name of the plugin is null", () -> host.rollback(null));
      isNamed("the name of the plugin is null", () -> host.unload(null));
      isNamed("the name of the plugin is null", () -> host.holders(null));
      isNamed("who asks is null", () -> host.unload((Asked) null, "greeter"));
      isNamed("the options are null", () -> host.unload((SwapOptions) null, "greeter"));
      isNamed("what to do about the drain", () -> host.decideDrain("greeter", null));
      isNamed("the listener is null", () -> host.subscribe(null));
      isNamed("the contract is null", () -> host.handle(null));
      assertThat(host.receipts()).isEmpty();
    }
  }

  private static void isNamed(String words, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessageStartingWith(words);
  }
}
