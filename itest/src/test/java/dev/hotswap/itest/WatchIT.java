package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Stage;
import dev.hotswap.api.Swapper;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.watch.WatchFolder;
import dev.hotswap.watch.WatchOptions;
import dev.hotswap.watch.cm.ConfigurationAdminFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.ConfigurationAdmin;

/** The watch folder of a real host. */
@Timeout(120)
class WatchIT {
  @TempDir Path folder;
  private Path watched;
  private Path beside;

  @BeforeEach
  void makeFolders() throws IOException {
    watched = folder.resolve("watch");
    beside = Files.createDirectory(folder.resolve("beside"));
  }

  private Host open() {
    return Hosts.builder().share(Greeter.class).watch(watched).open();
  }

  @Test
  void dropSwapsOverwriteSwapsAndDeleteUnloads() throws IOException {
    try (Host host = open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      drop(PluginJar.greeter("1.0.0"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0"));
      drop(PluginJar.greeter("2.0.0"), "greeter.jar"); // renamed over the other
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0"));
      PluginJar.greeter("3.0.0").as(watched.resolve("greeter.jar")); // written in place
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("3.0.0"));
      Files.delete(watched.resolve("greeter.jar"));
      eventually(() -> assertThat(current(host, "greeter")).isEmpty());
      eventually(() -> assertThat(host.receipts()).hasSize(4)); // they follow the first answers
      assertThat(host.receipts().get(0).request().asked())
          .isEqualTo(new Asked("watch", "greeter.jar deleted from " + watched));
      assertThat(host.receipts().get(3).request().asked())
          .isEqualTo(new Asked("watch", "greeter.jar dropped in " + watched));
    }
  }

  @Test
  void brokenDropIsMovedAsideAndACorrectedOneIsTaken() throws IOException {
    try (Host host = open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      drop(PluginJar.greeter("1.0.0"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0"));
      drop(PluginJar.named("greeter", "2.0.0").activator("ThrowingActivator"), "greeter.jar");
      Path reason = watched.resolve(".refused/greeter.jar.reason.txt");
      eventually(
          () ->
              assertThat(reason)
                  .content()
                  .contains(
                      "refused: greeter 2.0.0",
                      "it failed to start",
                      "generation 1 (1.0.0) stays current"));
      assertThat(watched.resolve(".refused/greeter.jar")).exists();
      assertThat(watched.resolve("greeter.jar")).doesNotExist();
      assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
      drop(PluginJar.greeter("2.0.1"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.1"));
    }
    try (Host host = open()) { // the next process
      Quarantine.Case found = quarantine(host).cases().get(0);
      assertThat(found.what()).isEqualTo("greeter 2.0.0");
      assertThat(found.why()).contains("it failed to start");
      assertThat(found.file()).contains(watched.resolve(".refused/greeter.jar"));
    }
  }

  /** As the shell finds it. */
  private static Quarantine quarantine(Host host) {
    BundleContext context = host.bundleContext();
    return context.getService(context.getServiceReference(Quarantine.class));
  }

  @Test
  void libraryAndItsUserAreOneSetAndTheLibraryIsNotDeletedFromUnderIt() throws IOException {
    try (Host host = Hosts.builder().share(Greeter.class).open();
        WatchFolder watch = patient(host)) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      drop(LibraryJar.plugin("greeter", "1.0.0", "base [1,2)"), "a-greeter.jar");
      drop(LibraryJar.library("base", "1.0.0"), "b-base.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).contains("base 1.0.0"));
      eventually(() -> assertThat(host.receipts()).isNotEmpty()); // they follow the first answers
      assertThat(host.receipts()).as("one swap").hasSize(1);
      assertThat(host.dependents("base"))
          .singleElement()
          .satisfies(dependent -> assertThat(dependent.plugin()).isEqualTo("greeter"));
      assertThat(host.dependents("greeter")).isEmpty();
      Files.delete(watched.resolve("b-base.jar"));
      Path reason = watched.resolve(".refused/b-base.jar.reason.txt");
      eventually(
          () ->
              assertThat(reason)
                  .content()
                  .contains("it would strand greeter generation 1 (1.0.0)"));
      assertThat(greeter.with(Greeter::version)).contains("base 1.0.0");
    }
  }

  @Test
  void rollbackByHandAndTheFolderAgree() throws IOException {
    Path data = folder.resolve("data");
    try (Host host = Hosts.builder().share(Greeter.class).data(data).watch(watched).open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      drop(PluginJar.greeter("1.0.0"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0"));
      drop(PluginJar.greeter("2.0.0"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0"));
      host.rollback(new Asked("alice", "2.0.0 is slow"), "greeter");
      drop(PluginJar.named("clock", "1.0.0"), "nothing.jar"); // the folder is looked at
      eventually(() -> assertThat(watched.resolve(".refused/nothing.jar")).exists());
      assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
      assertThat(host.receipts().stream().map(receipt -> receipt.request().asked().by()))
          .containsSubsequence("alice", "watch", "watch");
    }
  }

  private static Asked wish(Host host, String plugin) {
    return host.snapshot().plugin(plugin).orElseThrow().generations().stream()
        .filter(live -> live.stage() == Stage.CURRENT)
        .flatMap(live -> live.asked().stream())
        .findFirst()
        .orElseThrow();
  }

  private static List<Asked> asked(Host host) {
    return host.receipts().stream().map(receipt -> receipt.request().asked()).toList();
  }

  @Test
  void restartSwapsNothingAnewAndStillSaysWhoseWishItIs() throws IOException {
    Asked drop = new Asked("watch", "greeter.jar dropped in " + watched);
    Asked alice = new Asked("alice", "2.0.0 is slow");
    try (Host host = remembering()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      drop(PluginJar.greeter("1.0.0"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0"));
      drop(PluginJar.greeter("2.0.0"), "greeter.jar");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0"));
      assertThat(wish(host, "greeter")).isEqualTo(drop);
    }
    try (Host host = remembering()) {
      awaitALook(host);
      assertThat(asked(host)).containsOnly(new Asked("host", "restart"));
      assertThat(wish(host, "greeter")).isEqualTo(drop);
      host.rollback(alice, "greeter");
      assertThat(wish(host, "greeter")).isEqualTo(alice);
    }
    try (Host host = remembering()) {
      awaitALook(host);
      assertThat(asked(host)).containsOnly(new Asked("host", "restart"));
      assertThat(wish(host, "greeter")).isEqualTo(alice);
      assertThat(host.handle(Greeter.class).with(Greeter::version)).isEqualTo("1.0.0");
      assertThat(watched.resolve("greeter.jar")).exists();
    }
  }

  private Host remembering() {
    return Hosts.builder().share(Greeter.class).data(folder.resolve("data")).watch(watched).open();
  }

  private Host rememberingUnwatched() {
    return Hosts.builder().share(Greeter.class).data(folder.resolve("data")).open();
  }

  @Test
  void whatWasUnloadedWhileNobodyWatchedStaysAwayUntilOtherBytesAreDropped() throws IOException {
    try (Host host = remembering()) {
      drop(PluginJar.greeter("1.0.0"), "greeter.jar");
      eventually(() -> assertThat(current(host, "greeter")).contains("1.0.0"));
    }
    try (Host host = rememberingUnwatched()) {
      assertThat(current(host, "greeter")).contains("1.0.0");
      host.unload(new Asked("alice", "it leaks"), "greeter");
    }
    rememberingUnwatched().close(); // no receipt, and a journal that was written anew
    for (int i = 0; i < 2; i++) { // the second time by what the first has noted
      try (Host host = remembering()) {
        awaitALook(host);
        assertThat(current(host, "greeter")).isEmpty();
        assertThat(watched.resolve("greeter.jar")).exists();
        assertThat(Files.readString(watched.resolve(".hotswap-watch"))).contains("LEFT ");
      }
    }
    try (Host host = rememberingUnwatched()) {
      assertThat(current(host, "greeter")).isEmpty();
    }
    drop(PluginJar.greeter("2.0.0"), "greeter.jar");
    try (Host host = remembering()) {
      assertThat(current(host, "greeter")).contains("2.0.0");
    }
  }

  @Test
  void whatWasRolledBackWhileNobodyWatchedStaysSo() throws IOException {
    try (Host host = remembering()) {
      drop(PluginJar.greeter("1.0.0"), "greeter.jar");
      eventually(() -> assertThat(current(host, "greeter")).contains("1.0.0"));
      drop(PluginJar.greeter("2.0.0"), "greeter.jar");
      eventually(() -> assertThat(current(host, "greeter")).contains("2.0.0"));
    }
    try (Host host = rememberingUnwatched()) {
      host.rollback(new Asked("alice", "2.0.0 is slow"), "greeter");
    }
    try (Host host = remembering()) {
      awaitALook(host);
      assertThat(current(host, "greeter")).contains("1.0.0");
      assertThat(watched.resolve("greeter.jar")).exists();
    }
  }

  /** A file that nobody can use is dropped, and is gone when the folder has been looked at. */
  private void awaitALook(Host host) throws IOException {
    int before = host.receipts().size();
    Files.createDirectory(watched.resolve("look.jar"));
    eventually(() -> assertThat(watched.resolve("look.jar")).doesNotExist());
    assertThat(host.receipts()).hasSize(before);
  }

  @Test
  void whatIsInTheFolderIsThereWhenTheHostIsOpen() throws IOException {
    Files.createDirectory(watched);
    drop(PluginJar.greeter("1.0.0"), "greeter.jar");
    for (int i = 0; i < 2; i++) { // the second time with a memory of the first
      try (Host host = open()) {
        assertThat(host.handle(Greeter.class).with(Greeter::version)).isEqualTo("1.0.0");
        assertThat(host.receipts()).hasSize(1);
      }
    }
  }

  @Test
  void settingsComeAndGoBackWithTheBundle() throws Exception {
    Files.createDirectory(watched);
    try (Host host =
            Hosts.builder()
                .share(Greeter.class, ConfigurationAdmin.class)
                .base(RealBundles.scrAndConfigAdmin())
                .open();
        WatchFolder watch = patient(host)) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      dropWithSettings("1.0.0", "label=one");
      eventually(() -> assertThat(settings(host, "acme.greeter")).containsEntry("label", "one"));
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0"));
      dropWithSettings("2.0.0", "label=two");
      eventually(() -> assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0"));
      assertThat(settings(host, "acme.greeter")).containsEntry("label", "two");
      List<Object> atStart = new CopyOnWriteArrayList<>();
      host.bundleContext()
          .addBundleListener(
              (SynchronousBundleListener)
                  event -> {
                    if (event.getType() == BundleEvent.STARTING) {
                      atStart.add(label(host));
                    }
                  });
      host.rollback("greeter");
      assertThat(atStart).as("before it was started").containsExactly("one");
      assertThat(label(host)).isEqualTo("one");
      Files.delete(watched.resolve("acme.greeter.cfg"));
      Files.write(watched.resolve("acme.pool~eu.json"), List.of("{\"size\": 3}"));
      eventually(
          () ->
              assertThat(settings(host, "acme.pool~eu"))
                  .containsEntry("size", 3L)
                  .containsEntry("service.factoryPid", "acme.pool"));
    }
  }

  private static Object label(Host host) {
    try {
      return settings(host, "acme.greeter").get("label");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** However slow this machine is, two files that are dropped in a row are one drop. */
  private WatchFolder patient(Host host) {
    return WatchFolder.open(
        watched,
        host,
        WatchOptions.DEFAULT.withTogether(Duration.ofSeconds(1)),
        ConfigurationAdminFiles.of(host.bundleContext()));
  }

  private void dropWithSettings(String version, String settings) throws IOException {
    Path written = Files.write(beside.resolve("acme.greeter.cfg"), List.of(settings));
    Path jar = PluginJar.greeter(version).as(beside.resolve("greeter.jar"));
    for (Path file : List.of(written, jar)) { // then each is finished when it is renamed
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    }
    for (Path file : List.of(written, jar)) {
      Files.move(file, watched.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static Map<String, Object> settings(Host host, String pid) throws Exception {
    BundleContext context = host.bundleContext();
    ServiceReference<ConfigurationAdmin> found =
        context.getServiceReference(ConfigurationAdmin.class);
    String filter = "(service.pid=" + pid + ")";
    Dictionary<String, Object> all =
        context.getService(found).listConfigurations(filter)[0].getProperties();
    Map<String, Object> values = new TreeMap<>();
    Collections.list(all.keys()).forEach(key -> values.put(key, all.get(key)));
    return values;
  }

  @Test
  void closedHostLeavesNoThreadAndNoClaimOnTheFolder() throws IOException {
    Leftovers leftovers = new Leftovers();
    open().close();
    leftovers.awaitNoThreads();
    drop(PluginJar.greeter("1.0.0"), "greeter.jar");
    assertThat(watched.resolve("greeter.jar")).exists();
  }

  private void drop(PluginJar jar, String name) throws IOException {
    Path written = jar.as(beside.resolve(name));
    Files.setLastModifiedTime(written, FileTime.fromMillis(0)); // as of a file written long ago
    Files.move(written, watched.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Optional<String> current(Swapper host, String plugin) {
    return host.snapshot()
        .plugin(plugin)
        .flatMap(it -> it.current())
        .map(generation -> generation.version());
  }

  private static void eventually(ThrowingRunnable is) {
    await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(is);
  }
}
