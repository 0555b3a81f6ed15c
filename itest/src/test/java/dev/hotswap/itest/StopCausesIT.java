package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Whatever takes the service of a plugin away: the call in flight ends first, and needs a class
 * late; new calls move to the next best provider, or wait until the service is back. None fails.
 */
@Timeout(60)
class StopCausesIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int CALLS_BETWEEN = 100;

  @TempDir Path folder;
  // not the common pool: on two processors it has one thread, and the tests block two
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
  private Host host;
  private Handle<Greeter> greeter;

  /** How the plugin offers its service. */
  enum Kind {
    ACTIVATOR {
      @Override
      PluginJar jar(String version) {
        return PluginJar.named("greeter", version).activator("SelfStoppingActivator");
      }
    },
    COMPONENT {
      @Override
      PluginJar jar(String version) {
        return PluginJar.named("greeter", version)
            .component("SelfStoppingGreeter", Greeter.class.getName(), "");
      }
    };

    abstract PluginJar jar(String version);
  }

  /** What takes it away. It may come back by itself, in the same version or another. */
  enum Cause {
    /** As by a management console: the thread of its servlet is one like any other. */
    STOP {
      @Override
      void take(StopCausesIT test) throws Exception {
        test.bundle().stop();
      }

      @Override
      void bringBack(StopCausesIT test) throws Exception {
        test.bundle().start();
      }
    },
    UPDATE {
      @Override
      void take(StopCausesIT test) throws Exception {
        test.bundle().update(new ByteArrayInputStream(test.jar(this, "1.5.0").bytes()));
      }
    },
    UNINSTALL {
      @Override
      void take(StopCausesIT test) throws Exception {
        test.bundle().uninstall();
      }

      @Override
      void bringBack(StopCausesIT test) {
        test.host.swap(test.jar(this, "2.0.0").in(test.folder));
      }
    },
    REFRESH {
      @Override
      void take(StopCausesIT test) {
        test.host
            .bundleContext()
            .getBundle(Constants.SYSTEM_BUNDLE_ID)
            .adapt(FrameworkWiring.class)
            .refreshBundles(List.of(test.bundle()));
      }
    },
    ITSELF {
      @Override
      void take(StopCausesIT test) throws Exception {
        test.greeter.with(Greeter::fail);
      }

      @Override
      void bringBack(StopCausesIT test) throws Exception {
        await().atMost(LIMIT).until(() -> test.bundle().getState() == Bundle.RESOLVED);
        test.bundle().start();
      }
    },
    ITSELF_FROM_INSIDE_A_CALL {
      @Override
      void take(StopCausesIT test) throws Exception {
        assertThat(test.greeter.with(Greeter::fail)).isEqualTo("stops itself");
      }

      @Override
      void bringBack(StopCausesIT test) throws Exception {
        test.bundle().start();
      }
    },
    CONFIGURATION {
      @Override
      void take(StopCausesIT test) throws Exception {
        new Configurations(test.host.bundleContext()).update("SelfStoppingGreeter", "yes");
      }
    },
    SHELL_STOP {
      @Override
      void take(StopCausesIT test) throws Exception {
        test.shell().run("felix:stop $plugin", test.bundle());
      }

      @Override
      void bringBack(StopCausesIT test) throws Exception {
        Bundle plugin = test.bundle();
        test.shell().run("felix:start " + plugin.getBundleId(), plugin);
      }
    },
    SHELL_UPDATE {
      @Override
      void take(StopCausesIT test) throws Exception {
        Path next = test.jar(this, "1.5.0").in(test.folder);
        test.shell().run("felix:update $plugin " + next.toUri(), test.bundle());
      }
    },
    /** Its thread takes a new library over, and with that has the plugin refreshed. */
    FILE_INSTALL_UPDATE {
      @Override
      void take(StopCausesIT test) {
        test.dropLibrary("1.1.0");
      }
    },
    FILE_INSTALL_DELETE {
      @Override
      void take(StopCausesIT test) throws IOException {
        Files.delete(test.library());
      }

      @Override
      void bringBack(StopCausesIT test) throws Exception {
        await().atMost(LIMIT).until(() -> test.bundle().getState() == Bundle.INSTALLED);
        test.dropLibrary("1.1.0");
        await().atMost(LIMIT).until(test::libraryIsThere);
        test.bundle().start();
      }
    };

    abstract void take(StopCausesIT test) throws Exception;

    void bringBack(StopCausesIT test) throws Exception {
      // it comes back by itself
    }

    boolean isOfFileInstall() {
      return this == FILE_INSTALL_UPDATE || this == FILE_INSTALL_DELETE;
    }
  }

  static Stream<Arguments> causes() {
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                Stream.of(Cause.values())
                    .filter(cause -> kind == Kind.COMPONENT || cause != Cause.CONFIGURATION)
                    .map(cause -> Arguments.of(kind, cause)));
  }

  private Kind kind;

  private PluginJar jar(Cause cause, String version) {
    PluginJar jar =
        kind.jar(version)
            .classes("SelfStoppingGreeter", "OpenGreeter", "LateLoaded", "PluginException");
    if (cause.isOfFileInstall()) {
      return jar.header(
          "Import-Package",
          "org.osgi.framework,dev.hotswap.itest.contract,dev.hotswap.itest.lib.base");
    }
    return cause == Cause.ITSELF_FROM_INSIDE_A_CALL ? jar.header("Test-Stops-Inside", "yes") : jar;
  }

  private void open(Kind of, Cause cause) throws IOException {
    kind = of;
    Path dropped = Files.createDirectory(folder.resolve("dropped"));
    Host.Builder builder =
        Hosts.builder()
            .share(Greeter.class)
            .base(RealBundles.scrAndConfigAdmin())
            .base(RealBundles.gogo())
            .availability(LIMIT)
            .drainDeadline(LIMIT);
    if (cause.isOfFileInstall()) {
      dropLibrary("1.0.0");
      builder
          .base(RealBundles.fileInstall())
          .property("felix.fileinstall.dir", dropped.toString())
          .property("felix.fileinstall.tmpdir", folder.toString())
          .property("felix.fileinstall.noInitialDelay", "true")
          .property("felix.fileinstall.poll", "100");
    }
    host = builder.open();
    if (cause.isOfFileInstall()) {
      await().atMost(LIMIT).until(this::libraryIsThere);
    }
    greeter = host.handle(Greeter.class);
    host.swap(jar(cause, "1.0.0").in(folder));
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    host.close();
  }

  @ParameterizedTest
  @MethodSource("causes")
  void callsWaitUntilTheServiceIsBack(Kind of, Cause cause) throws Exception {
    open(of, cause);
    try (Callers callers = callers()) {
      takeUnderTheCallInFlight(cause, callers);
      cause.bringBack(this);
      awaitMoreCalls(callers);
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("causes")
  void callsMoveToTheNextBestProviderAndBack(Kind of, Cause cause) throws Exception {
    open(of, cause);
    host.swap(
        PluginJar.greeter("9.0.0")
            .header("Bundle-SymbolicName", "second")
            .header("Test-Ranking", "-1")
            .in(folder));
    try (Callers callers = callers()) {
      takeUnderTheCallInFlight(cause, callers);
      assertThat(answers.get("9.0.0")).hasPositiveValue();
      cause.bringBack(this);
      await().atMost(LIMIT).until(() -> !greeter.with(Greeter::version).equals("9.0.0"));
      awaitMoreCalls(callers);
      callers.stop();
      assertThat(callers.failures()).isEmpty();
    }
  }

  private Callers callers() throws InterruptedException {
    Greeter kept = greeter.proxy();
    Callers callers =
        new Callers()
            .start("with", () -> count(greeter.with(Greeter::version)))
            .start("proxy", () -> count(kept.version()));
    awaitMoreCalls(callers);
    return callers;
  }

  private void count(String answer) {
    answers.computeIfAbsent(answer, key -> new AtomicLong()).incrementAndGet();
  }

  private void takeUnderTheCallInFlight(Cause cause, Callers callers) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<String> held = inBackground(() -> hold(inside, go));
    assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> taken =
        inBackground(
            () -> {
              cause.take(this);
              return null;
            });
    await()
        .atMost(LIMIT)
        .until(
            () ->
                taken.isCompletedExceptionally() || somebodyWaitsForTheCall() && !answers("1.0.0"));
    if (taken.isCompletedExceptionally()) {
      taken.get();
    }
    if (host.snapshot().plugin("second").isPresent()) {
      awaitMoreCalls(callers);
    }
    assertThat(held).isNotDone();
    go.countDown();
    assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("1.0.0 late");
    taken.get(20, TimeUnit.SECONDS);
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  private <T> CompletableFuture<T> inBackground(Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.run();
          } catch (Exception e) {
            throw new IllegalStateException(e.toString());
          }
        },
        others);
  }

  private String hold(CountDownLatch inside, CountDownLatch go) throws InterruptedException {
    return greeter.with(service -> service.holdThenLoadLate(inside, go));
  }

  private boolean answers(String version) {
    return host.handles(Greeter.class).withEach(Greeter::version).contains(version);
  }

  /** Whichever thread it is that stops the plugin. */
  private static boolean somebodyWaitsForTheCall() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Stream::of)
        .anyMatch(frame -> frame.getMethodName().equals("withdraw"));
  }

  private static void awaitMoreCalls(Callers callers) {
    long enough = callers.calls() + CALLS_BETWEEN;
    await().atMost(LIMIT).until(() -> callers.calls() >= enough || !callers.failures().isEmpty());
  }

  private Bundle bundle() {
    return Stream.of(host.bundleContext().getBundles())
        .filter(candidate -> "greeter".equals(candidate.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }

  private Gogo shell() {
    return new Gogo(host.bundleContext());
  }

  /** What File Install looks after: the plugin is wired to it. */
  private Path library() {
    return folder.resolve("dropped").resolve("base.jar");
  }

  private void dropLibrary(String version) {
    LibraryJar.library("base", version).as(library());
  }

  private boolean libraryIsThere() {
    return Stream.of(host.bundleContext().getBundles())
        .filter(candidate -> "base".equals(candidate.getSymbolicName()))
        .anyMatch(candidate -> candidate.getState() == Bundle.ACTIVE);
  }
}
