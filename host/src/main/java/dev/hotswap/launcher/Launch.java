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
        options
            .data()
            .or(() -> Optional.ofNullable(System.getenv("HOTSWAP_DATA")).map(Path::of))
            .or(() -> configured(config))
            .orElseGet(() -> Path.of(System.getProperty("hotswap.data")))
            .toAbsolutePath()
            .normalize();
    boolean atTerminal = options.shell() && Boolean.getBoolean("hotswap.terminal");
    return new Launch(config, data, options.watch(), atTerminal);
  }

  /** Known before the first logger is made, whose file lies there. */
  private static Optional<Path> configured(Path config) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(config.resolve("host.properties"))) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // the host says what is wrong with it
    }
    return Optional.ofNullable(properties.getProperty("data"))
        .map(String::trim)
        .filter(name -> !name.isEmpty())
        .map(config::resolve);
  }

  /** Returns when the host is closed. */
  void run() throws InterruptedException {
    log();
    CountDownLatch stopping = new CountDownLatch(1);
    try (Host host = open()) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(host), "hotswap-close"));
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
            .property(ShellBundles.SOCKET, "true")
            .property(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, ShellBundles.packages());
    watch.ifPresent(builder::watch);
    return builder.open();
  }

  private static Path bundles() {
    return Path.of(System.getProperty("hotswap.home")).resolve("bundles");
  }

  private String ready(Host host) {
    return "ready: data="
        + data
        + " plugins="
        + host.snapshot().plugins().size()
        + " pid="
        + ProcessHandle.current().pid();
  }

  private static void close(Host host) {
    try {
      host.close();
    } catch (HotswapException e) {
      System.err.println(e.getMessage());
    }
  }
}
