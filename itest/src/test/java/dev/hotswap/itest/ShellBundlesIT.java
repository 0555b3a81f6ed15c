package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

/** The bundles of the shell in a framework, and the framework's own commands during calls. */
@Timeout(120)
class ShellBundlesIT {
  @TempDir Path folder;
  private final ExecutorService others = Executors.newCachedThreadPool();
  private Path data;
  private Host host;
  private Handle<Greeter> greeter;
  private BundleContext context;

  @BeforeEach
  void openAHost() {
    data = folder.resolve("data");
    host =
        Hosts.builder()
            .share(Greeter.class)
            .data(data)
            .availability(Duration.ofMillis(100))
            .standby(Duration.ZERO)
            .property("hotswap.shell.socket", "true")
            .open();
    greeter = host.handle(Greeter.class);
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    context = host.bundleContext();
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    host.close();
  }

  private Bundle install(String name) throws Exception {
    try (InputStream jar = Files.newInputStream(ShellClient.APP.resolve("bundles").resolve(name))) {
      return context.installBundle("shell:" + name, jar);
    }
  }

  private void startAll() throws Exception {
    install("jline.jar");
    install("gogo-jline.jar");
    install("gogo-runtime.jar").start();
    install("gogo-command.jar").start();
    install("hotswap-gogo.jar").start();
  }

  private ShellClient.Ended shell(String lines) throws Exception {
    return ShellClient.run(folder, lines, ShellClient.client(data, false, "shell"));
  }

  private boolean isThereAConsole() throws Exception {
    return !context.getServiceReferences(Runnable.class, "(hotswap.console=true)").isEmpty();
  }

  @Test
  void conversationsComeAndGoWithGogosRuntimeAndCommandsAreThereWithoutIt() throws Exception {
    install("jline.jar");
    install("gogo-jline.jar");
    Bundle runtime = install("gogo-runtime.jar"); // for its classes
    Bundle ours = install("hotswap-gogo.jar");
    ours.start();
    assertThat(isThereAConsole()).isFalse();
    assertThat(shell("list\n").status()).isEqualTo(2);
    assertThat(ShellClient.run(folder, "", ShellClient.client(data, false, "list")).output())
        .contains("greeter");

    runtime.start();
    assertThat(isThereAConsole()).isTrue();
    ShellClient.Ended list = shell("list\n");
    assertThat(list.status()).as(list.errors()).isZero();
    assertThat(list.output()).contains("greeter");

    runtime.stop();
    assertThat(isThereAConsole()).isFalse();
    ShellClient.Ended none = shell("list\n");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.errors()).contains("ask for one command at a time");
  }

  @Test
  void stoppedBundleTakesSocketAndServicesAway() throws Exception {
    startAll();
    assertThat(data.resolve("shell/socket")).exists();
    Stream.of(context.getBundles())
        .filter(bundle -> bundle.getLocation().equals("shell:hotswap-gogo.jar"))
        .findAny()
        .orElseThrow()
        .stop();
    assertThat(data.resolve("shell")).doesNotExist();
    assertThat(isThereAConsole()).isFalse();
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void whatIsInTheWayOfTheSocketDoesNotKeepTheShellFromStarting() throws Exception {
    Files.createDirectories(data.resolve("shell/mine"));
    startAll();
    assertThat(isThereAConsole()).isTrue();
  }

  /** It is inside when the command is given, and ends well although it loads a class late. */
  private Future<String> callInside(CountDownLatch go) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    Future<String> call =
        others.submit(() -> greeter.with(found -> found.holdThenLoadLate(inside, go)));
    inside.await();
    return call;
  }

  private long idOfTheGreeter() {
    return Stream.of(context.getBundles())
        .filter(bundle -> "greeter".equals(bundle.getSymbolicName()))
        .mapToLong(Bundle::getBundleId)
        .findAny()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"felix:update %d %s", "felix:stop %d", "felix:refresh %d", "felix:uninstall %d"})
  void commandOfTheFrameworkWaitsForTheCallThatIsInside(String command) throws Exception {
    startAll();
    String next = PluginJar.greeter("2.0.0").in(folder).toUri().toString();
    String line = String.format(command, idOfTheGreeter(), next) + "\n";
    CountDownLatch go = new CountDownLatch(1);
    Future<String> call = callInside(go);

    Future<ShellClient.Ended> done = others.submit(() -> shell(line));

    await().until(this::newCallsAreTurnedAway); // it has begun, and waits for the old one
    assertThat(call).isNotDone();
    go.countDown();
    assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    ShellClient.Ended ended = done.get(20, TimeUnit.SECONDS);
    assertThat(ended.status()).as(ended.errors()).isZero();
  }

  private boolean newCallsAreTurnedAway() {
    try {
      greeter.with(Greeter::version);
      return false;
    } catch (NoGenerationException e) {
      return true;
    }
  }

  @Test
  void lookingAtBundlesDisturbsNobody() throws Exception {
    startAll();
    CountDownLatch go = new CountDownLatch(1);
    Future<String> call = callInside(go);
    ShellClient.Ended looked = shell("lb\nfelix:headers " + idOfTheGreeter() + "\nlist\n");
    assertThat(looked.status()).as(looked.errors()).isZero();
    assertThat(looked.output()).contains("|Active", "Bundle-SymbolicName = greeter");
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    go.countDown();
    assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
  }

  @Test
  void swapThatWaitsForAPlaceSaysSoEveryFewSeconds() throws Exception {
    startAll();
    CountDownLatch go = new CountDownLatch(1);
    Future<String> call = callInside(go);
    for (String version : List.of("2.0.0", "3.0.0", "4.0.0")) {
      Path file = PluginJar.greeter(version).in(folder);
      CountDownLatch inside = new CountDownLatch(1);
      host.swap(file);
      others.submit(() -> greeter.with(found -> found.holdThenLoadLate(inside, go)));
      inside.await();
    }
    String last = PluginJar.greeter("5.0.0").in(folder).toString();
    Path output = folder.resolve("output.txt");
    Process swap =
        ShellClient.process(folder, ShellClient.client(data, false, "swap", last))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await().atMost(Duration.ofSeconds(20)).until(() -> read(output).contains("old generation"));
      assertThat(read(output)).contains("waiting for an old generation to leave").contains(" s\n");
      go.countDown();
      assertThat(swap.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(swap.exitValue()).isZero();
      assertThat(read(output)).contains("swapped in").doesNotContain("\u001b");
      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    } finally {
      swap.destroyForcibly();
    }
  }

  private static String read(Path file) throws Exception {
    return Files.readString(file);
  }
}
