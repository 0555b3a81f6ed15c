package dev.hotswap.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/**
 * One Apache Felix, configured as a swapping host needs it, from init to the end of its threads.
 */
final class EmbeddedFramework implements AutoCloseable {
  private static final long STOP_MILLIS = 30_000;

  private final Framework framework;

  private EmbeddedFramework(Framework framework) {
    this.framework = framework;
  }

  /** Initialised, so that hooks can be registered, but not started. */
  static EmbeddedFramework init(DataFolder data, String sharedPackages, Map<String, String> own) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, data.cache().toString());
    properties.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    // one URL handler factory per JVM: leave it to the embedding application
    properties.put("felix.service.urlhandlers", "false");
    // resolver threads would keep a stopped framework in memory for a minute
    properties.put("felix.resolver.parallelism", "1");
    properties.put("felix.cache.locking", "false");
    properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
    properties.put("felix.log.level", "1");
    properties.putAll(own);
    properties.merge(
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
        sharedPackages,
        (old, extra) -> old + "," + extra);
    Framework framework = new FrameworkFactory().newFramework(properties);
    try {
      framework.init();
    } catch (BundleException e) {
      throw new HostStartException("the framework did not start: " + e.getMessage(), e);
    }
    return new EmbeddedFramework(framework);
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

  /** Stops, and returns when the framework's threads have ended or 30 s are over. */
  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(STOP_MILLIS);
    } catch (BundleException e) {
      throw new IllegalStateException("the framework does not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
