package dev.hotswap.host;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** One framework, launched as a swapping host needs it, from init to the end of its threads. */
final class EmbeddedFramework implements AutoCloseable {
  /** What its own threads may take to end, on a busy machine, once no bundle is in the way. */
  private static final Duration OWN_LIMIT = Duration.ofSeconds(10);

  private final Framework framework;
  private final Duration stopLimit;
  private final DataFolder data;

  private EmbeddedFramework(Framework framework, Duration stopLimit, DataFolder data) {
    this.framework = framework;
    this.stopLimit = stopLimit;
    this.data = data;
  }

  /**
   * Initialised, so that hooks can be registered, but not started.
   *
   * @param data its own from here on; the caller's still where this throws
   */
  static EmbeddedFramework init(
      FrameworkSettings settings, DataFolder data, String sharedPackages) {
    Map<String, String> properties = new LinkedHashMap<>(settings.properties());
    properties.putIfAbsent(Constants.FRAMEWORK_STORAGE, data.cache().toString());
    properties.merge(
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
        sharedPackages,
        (old, extra) -> old + "," + extra);
    Framework framework = init(settings.factory(), properties);
    if (settings.isCacheForgotten()) {
      NextBundleId.forget(framework.getBundleContext());
    }
    return new EmbeddedFramework(framework, settings.stopLimit(), data);
  }

  private static Framework init(FrameworkFactory factory, Map<String, String> properties) {
    Thread opener = Thread.currentThread();
    ClassLoader own = opener.getContextClassLoader();
    try {
      Framework framework = factory.newFramework(properties);
      framework.init();
      framework.getBundleContext().addFrameworkListener(new FrameworkErrors());
      return framework;
    } catch (BundleException e) {
      throw new HostStartException("the framework did not start: " + e.getMessage(), e);
    } finally {
      opener.setContextClassLoader(own); // Equinox sets one of its own
    }
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  /**
   * Starts, with bundles that stay for as long as it runs.
   *
   * @return the bundles, in the order of the files
   */
  List<Bundle> start(List<Path> base) {
    List<Bundle> bundles = new ArrayList<>();
    try {
      framework.start();
      for (Path jar : base) {
        bundles.add(install(jar));
      }
      for (Bundle bundle : bundles) {
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
          bundle.start(Bundle.START_TRANSIENT);
        }
      }
      return bundles;
    } catch (BundleException e) {
      String names =
          base.stream()
              .map(Path::getFileName)
              .map(Path::toString)
              .collect(Collectors.joining(", "));
      throw new HostStartException(
          "the base bundles (" + names + ") did not start: " + e.getMessage(), e);
    }
  }

  private Bundle install(Path jar) throws BundleException {
    try (InputStream bytes = Files.newInputStream(jar)) {
      return context().installBundle("base:" + jar.toAbsolutePath(), bytes);
    } catch (IOException e) {
      throw new HostStartException("the base bundle " + jar + " cannot be read: " + e, e);
    }
  }

  /**
   * Stops, and gives the data folder back when the framework's threads have ended.
   *
   * @throws HostCloseException when they have not: within the stop limit where a bundle is still at
   *     its start or stop, else within the framework's own; the folder is given back when they have
   */
  @Override
  public void close() {
    List<Bundle> bundles = bundles();
    long start = System.nanoTime();
    try {
      framework.stop();
      if (stops(stopLimit) || busy(bundles).isEmpty() && stops(OWN_LIMIT)) {
        data.close();
        return;
      }
    } catch (BundleException e) {
      closeLate();
      throw new HostCloseException("the framework of this host does not stop: " + e, e);
    }
    closeLate();
    throw notStopped(busy(bundles), Duration.ofNanos(System.nanoTime() - start));
  }

  /** An interrupt does not shorten it, and is kept: to close by one is the usual way. */
  private boolean stops(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long left = NANOSECONDS.toMillis(end - System.nanoTime());
          FrameworkEvent event = framework.waitForStop(Math.max(1, left)); // 0 is without a limit
          return event.getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** While they can still be asked for. */
  private List<Bundle> bundles() {
    BundleContext context = framework.getBundleContext();
    return context == null ? List.of() : List.of(context.getBundles());
  }

  /** Those that are at their start or stop, and which of the two. */
  private static List<String> busy(List<Bundle> bundles) {
    List<String> busy = new ArrayList<>();
    for (Bundle bundle : bundles) {
      int state = bundle.getState();
      boolean isFramework = bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID;
      if (!isFramework && (state == Bundle.STARTING || state == Bundle.STOPPING)) {
        busy.add(
            bundle.getSymbolicName()
                + " "
                + bundle.getVersion()
                + (state == Bundle.STARTING ? " is still starting" : " is still stopping"));
      }
    }
    return busy;
  }

  private static HostCloseException notStopped(List<String> busy, Duration waited) {
    return new HostCloseException(
        "the framework of this host has not stopped within "
            + waited.toMillis()
            + " ms: "
            + (busy.isEmpty() ? "none of its bundles says why" : String.join(", ", busy))
            + ". Its threads run on, and the data folder is taken until they end. Have activators"
            + " heed their interrupt, or end the process.");
  }

  /** Nobody else may have the folder while something may still write to it. */
  private void closeLate() {
    Thread thread =
        new Thread(
            () -> {
              try {
                framework.waitForStop(0);
                data.close();
              } catch (InterruptedException e) {
                return; // nobody does; the folder stays taken
              }
            },
            "hotswap-close-late");
    thread.setDaemon(true);
    thread.start();
  }
}
