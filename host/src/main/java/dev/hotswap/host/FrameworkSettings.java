package dev.hotswap.host;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * Which framework a host runs on, and how it is launched.
 *
 * @param factory makes it
 * @param own properties, over those that every host needs
 * @param stopLimit how long it may take to stop
 */
record FrameworkSettings(FrameworkFactory factory, Map<String, String> own, Duration stopLimit) {
  static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private static final Map<String, String> STANDARD =
      Map.of(
          Constants.FRAMEWORK_STORAGE_CLEAN,
          Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
          // or the same name and version could not be staged beside itself
          Constants.FRAMEWORK_BSNVERSION,
          Constants.FRAMEWORK_BSNVERSION_MULTIPLE);

  private static final Map<String, String> FELIX =
      Map.of(
          // one URL handler factory per JVM: leave it to the embedding application
          "felix.service.urlhandlers",
          "false",
          // resolver threads would keep a stopped framework in memory for a minute
          "felix.resolver.parallelism",
          "1",
          "felix.cache.locking",
          "false",
          // for each thread that reads a manifest; 64 KB by default. Felix has it for all of a JVM
          "felix.cache.bufsize",
          "4096",
          "felix.log.level",
          "1");

  private static final Map<String, String> EQUINOX =
      Map.of(
          // or its properties would be the JVM's, and two hosts would share them
          "osgi.framework.useSystemProperties",
          "false",
          "osgi.locking",
          "none",
          // as Felix's resolver threads
          "equinox.resolver.thread.count",
          "1",
          // or plugins would see classes of the application that they do not import
          "osgi.compatibility.bootdelegation",
          "false");

  FrameworkSettings {
    own = Map.copyOf(own);
    if (stopLimit.isNegative() || stopLimit.isZero()) {
      throw new IllegalArgumentException(
          "stop.limit is " + stopLimit.toMillis() + " ms; it must be above zero");
    }
  }

  /**
   * An Apache Felix.
   *
   * @throws HostStartException when there is none
   */
  static FrameworkSettings felix(Map<String, String> own, Duration stopLimit) {
    try { // by its name: its module is open, but exports no such package
      Class<?> factory = Class.forName("org.apache.felix.framework.FrameworkFactory");
      return new FrameworkSettings(
          (FrameworkFactory) factory.getConstructor().newInstance(), own, stopLimit);
    } catch (ReflectiveOperationException e) {
      throw new HostStartException(
          "there is no Apache Felix on the class path; nothing was started. Add"
              + " org.apache.felix:org.apache.felix.framework, or give the builder another framework.",
          e);
    }
  }

  /** What a framework does not know it passes over: each is given the properties of all. */
  Map<String, String> properties() {
    Map<String, String> all = new LinkedHashMap<>();
    all.putAll(STANDARD);
    all.putAll(FELIX);
    all.putAll(EQUINOX);
    all.putAll(own);
    return all;
  }

  /** Whether what the framework writes is of no use to the next start. */
  boolean isCacheForgotten() {
    return !own.containsKey(Constants.FRAMEWORK_STORAGE)
        && !own.containsKey(Constants.FRAMEWORK_STORAGE_CLEAN);
  }
}
