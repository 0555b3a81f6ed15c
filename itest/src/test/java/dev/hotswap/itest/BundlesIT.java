package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.host.Host;
import dev.hotswap.host.HostStartException;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.eclipse.osgi.launch.EquinoxFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** Hotswap as bundles of frameworks that somebody else has launched, and whose its data is. */
@Timeout(120)
class BundlesIT {
  @TempDir Path folder;
  private final List<Framework> frameworks = new ArrayList<>();

  @AfterEach
  void stopThem() throws Exception {
    for (Framework framework : frameworks) {
      framework.stop();
      framework.waitForStop(20_000);
    }
  }

  /**
   * A framework on a cache of that name, with Hotswap's bundles in it, of which none is started.
   */
  private Bundle installed(String cache, Map<String, String> more) throws Exception {
    Map<String, String> properties =
        new HashMap<>(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve(cache).toString()));
    properties.putAll(more);
    Framework framework =
        Hosts.areOnEquinox()
            ? new EquinoxFactory().newFramework(properties)
            : new FrameworkFactory().newFramework(properties);
    frameworks.add(framework);
    framework.start();
    BundleContext context = framework.getBundleContext();
    Bundle last = null;
    for (String name : List.of("asm", "hotswap-api", "hotswap-core", "hotswap-osgi")) {
      last = context.installBundle(library(name).toUri().toString());
    }
    return last;
  }

  private static Path library(String name) throws Exception {
    try (Stream<Path> all = Files.list(ShellClient.APP.resolve("lib"))) {
      return all.filter(jar -> jar.getFileName().toString().matches(name + "-[0-9].*\\.jar"))
          .findAny()
          .orElseThrow();
    }
  }

  private Host host(Path data) {
    return Hosts.builder().share(Greeter.class).standby(Duration.ZERO).data(data).open();
  }

  /** Whatever frameworks wrap it in. */
  private static void assertRefused(Bundle ours, String... words) {
    assertThatThrownBy(ours::start)
        .isInstanceOf(BundleException.class)
        .satisfies(
            thrown ->
                assertThat(Stream.of(thrown, thrown.getCause()).map(String::valueOf))
                    .anySatisfy(said -> assertThat(said).contains(words)));
    assertThat(ours.getState()).isEqualTo(Bundle.RESOLVED);
  }

  @Test
  void dataFolderOfAHostIsNotHadByTheBundlesUntilThatCloses() throws Exception {
    Path data = folder.resolve("data");
    Bundle ours = installed("cache", Map.of("hotswap.data", data.toString()));
    try (Host host = host(data)) {
      host.swap(PluginJar.greeter("1.0.0").in(folder));
      List<Path> before = tree(data);
      assertRefused(
          ours,
          "another host (process " + ProcessHandle.current().pid() + ") uses the data folder",
          data.toString(),
          "nothing was started. Stop that host, or name another folder.");
      assertThat(tree(data)).isEqualTo(before);
      assertThat(host.handle(Greeter.class).with(Greeter::version)).isEqualTo("1.0.0");
    }
    ours.start();
    assertThatThrownBy(() -> host(data))
        .isInstanceOf(HostStartException.class)
        .hasMessageContainingAll("another host (process ", "uses the data folder");
    ours.stop();
    host(data).close();
  }

  @Test
  void twoFrameworksDoNotShareADataFolderAndWhereTheFirstEndsTheSecondHasIt() throws Exception {
    Map<String, String> shared = Map.of("hotswap.data", folder.resolve("data").toString());
    Bundle first = installed("first", shared);
    Bundle second = installed("second", shared);
    first.start();
    assertRefused(second, "uses the data folder", "nothing was started");
    first.stop();
    second.start();
    assertRefused(first, "uses the data folder", "nothing was started");
  }

  @Test
  void folderThatIsNotNamedIsTheBundlesOwnAndLockedToo() throws Exception {
    Bundle ours = installed("cache", Map.of());
    ours.start();
    Path data = ours.getBundleContext().getDataFile("hotswap").toPath();
    assertThatThrownBy(() -> host(data)).hasMessageContaining("uses the data folder");
    ours.stop();
    ours.start();
    assertThat(ours.getState()).isEqualTo(Bundle.ACTIVE);
  }

  @Test
  void startThatFailsGivesTheFolderBack() throws Exception {
    Path data = folder.resolve("data");
    Bundle ours =
        installed(
            "cache", Map.of("hotswap.data", data.toString(), "hotswap.drain.deadline", "soon"));
    assertRefused(ours, "drain.deadline=soon is no time");
    host(data).close();
  }

  @Test
  void storeOfSomebodyElseIsLeftAlone() throws Exception {
    Path data = folder.resolve("project");
    Path theirs = Files.createDirectories(data.resolve("store")).resolve("theirs.jar");
    Files.writeString(theirs, "precious");
    Bundle ours = installed("cache", Map.of("hotswap.data", data.toString()));
    assertRefused(ours, data.resolve("store").toString(), "is in the way", "nothing deleted");
    assertThat(theirs).hasContent("precious");
    assertThat(data.resolve("lock")).doesNotExist();
  }

  private static List<Path> tree(Path root) throws Exception {
    try (Stream<Path> all = Files.walk(root)) {
      return all.sorted().toList();
    }
  }
}
