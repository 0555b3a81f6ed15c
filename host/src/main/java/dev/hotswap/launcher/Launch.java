package dev.hotswap.launcher;

import dev.hotswap.api.HotswapException;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;

/**
 * One run of a host, from its start to its end: by a signal, or because the framework is stopped.
 *
 * <p>System properties, set by the {@code hotswap} script: {@code hotswap.home}, the folder with
 * {@code bundles/}; {@code hotswap.config} and {@code hotswap.data}, the folders where nobody names
 * others; {@code hotswap.terminal}, whether input and output are a terminal.
 */
final class Launch {
  private static final String HOST = "host.properties";

  /** Where Apache Felix's Configuration Admin keeps what was set. */
  private static final String SETTINGS = "felix.cm.dir";

  private final Path config;
  private final Path data;
  private final Optional<Path> watch;
  private final boolean atTerminal;

  private Launch(Path config, Path data, Optional<Path> watch, boolean atTerminal) {
    this.config = config;
    this.data = data;
    this.watch = watch;
    this.atTerminal = atTerminal;
  }

  static Launch of(RunOptions options) {
    Path config = options.config().orElseGet(() -> Path.of(System.getProperty("hotswap.config")));
    Path data =
        data(options, Optional.ofNullable(System.getenv("HOTSWAP_DATA")), config)
            .orElseGet(() -> Path.of(System.getProperty("hotswap.data")))
            .toAbsolutePath()
            .normalize();
    boolean atTerminal = options.shell() && Boolean.getBoolean("hotswap.terminal");
    return new Launch(config, data, watch(options, config, data), atTerminal);
  }

  /**
   * The data folder that somebody names.
   *
   * @param environment what its variable says; empty is as if it were not set, and not this folder
   */
  static Optional<Path> data(RunOptions options, Optional<String> environment, Path config) {
    return options
        .data()
        .or(() -> environment.filter(name -> !name.isEmpty()).map(Path::of))
        .or(() -> configured(config, HOST, "data").map(config::resolve));
  }

  /** Which folder is watched: a host that is run, unlike one that is embedded, has one. */
  static Optional<Path> watch(RunOptions options, Path config, Path data) {
    String named = configured(config, HOST, "watch").orElse("");
    if (options.watch().isPresent()) {
      return options.watch();
    } else if (!options.watches() || named.equals(RunOptions.NOTHING)) {
      return Optional.empty();
    }
    return Optional.of(named.isEmpty() ? data.resolve("watch") : config.resolve(named));
  }

  /** Known before the host is opened, and the first logger made, whose file lies in its folder. */
  private static Optional<String> configured(Path config, String file, String key) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(config.resolve(file))) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // the host says what is wrong with it
    }
    return Optional.ofNullable(properties.getProperty(key))
        .map(String::trim)
        .filter(name -> !name.isEmpty());
  }

  /** Returns when the host is closed. */
  void run() throws InterruptedException {
    log();
    CompletableFuture<Host> started = new CompletableFuture<>();
    // before the open: it may take long, and what a signal cut off would count as a crash
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started), "hotswap-close"));
    try {
      run(started);
    } finally {
      started.cancel(false); // what has not started is closed by now
    }
  }

  private void run(CompletableFuture<Host> started) throws InterruptedException {
    CountDownLatch stopping = new CountDownLatch(1);
    try (Host host = open()) {
      BundleContext context = host.bundleContext();
      context.addBundleListener(
          (SynchronousBundleListener)
              event -> {
                if (event.getType() == BundleEvent.STOPPING
                    && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
                  stopping.countDown();
                }
              });
      Optional<Runnable> shell = ShellBundles.start(context, bundles());
      System.out.println(ready(host));
      started.complete(host);
      if (atTerminal && shell.isPresent()) {
        talk(shell.get());
        if (stopping.getCount() > 0) {
          System.out.println(
              "the shell has ended, the host goes on; Ctrl-C ends it, './hotswap shell' comes back");
        }
      }
      stopping.await();
    }
  }

  private static void talk(Runnable shell) {
    try {
      shell.run();
    } catch (UncheckedIOException e) {
      System.err.println(e.getMessage()); // other terminals can still be used
    }
  }

  private void log() {
    // the events of a host at a terminal would stand between the lines of its shell
    String kind = atTerminal ? "file" : "stderr";
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "dev/hotswap/launcher/" + kind + ".xml");
    }
    System.setProperty("hotswap.log", data.resolve("hotswap.log").toString());
  }

  private Host open() {
    Host.Builder builder =
        Host.builder(config)
            .data(data)
            .configurationAdmin(bundles().resolve("configadmin.jar"))
            .property(ShellBundles.SOCKET, "true")
            .property(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, ShellBundles.packages());
    watch.ifPresentOrElse(builder::watch, builder::watchNothing);
    if (configured(config, "framework.properties", SETTINGS).isEmpty()) {
      // or they would be forgotten with the cache, and what needs them would come up without
      builder.property(SETTINGS, data.resolve("settings").toString());
    }
    return builder.open();
  }

  private static Path bundles() {
    return Path.of(System.getProperty("hotswap.home")).resolve("bundles");
  }

  private String ready(Host host) {
    return "ready: data="
        + data
        + " watch="
        + watch.map(Path::toString).orElse(RunOptions.NOTHING)
        + " plugins="
        + host.snapshot().plugins().size()
        + " pid="
        + ProcessHandle.current().pid();
  }

  /** By a signal: waits until the host has come up, whatever comes of that. */
  private static void close(CompletableFuture<Host> started) {
    try {
      started.join().close();
    } catch (CancellationException e) {
      return; // it is closed, or never was open
    } catch (HotswapException e) {
      System.err.println(e.getMessage());
    }
  }
}
