package dev.hotswap.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * An embedded Felix with nothing of ours in it, configured as our own; the file in which it notes
 * the next bundle's id leads to nowhere, as there, where the system has that.
 */
final class BareFelix implements AutoCloseable {
  private final Path storage;
  private final Framework framework;

  BareFelix(Path parent) throws IOException, BundleException {
    storage = Files.createTempDirectory(parent, "bare-felix");
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage", storage.toString(),
                    "org.osgi.framework.storage.clean", "onFirstInit",
                    "felix.service.urlhandlers", "false",
                    "felix.resolver.parallelism", "1",
                    "felix.cache.locking", "false",
                    "felix.cache.bufsize", "4096",
                    "org.osgi.framework.bsnversion", "multiple",
                    "org.osgi.framework.system.packages.extra",
                        "dev.hotswap.bench.contract;version=\"1.0.0\""));
    framework.init();
    forgetNextBundleId(framework.getBundleContext().getDataFile("bundle.id").toPath());
    framework.start();
  }

  private static void forgetNextBundleId(Path file) throws IOException {
    Path nowhere = Path.of("/dev/null");
    if (Files.isWritable(nowhere)) {
      Files.deleteIfExists(file);
      Files.createSymbolicLink(file, nowhere);
    }
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  /**
   * Installs, resolves and starts a bundle, which is uninstalled again, and its jar deleted.
   *
   * @return how long the first three took, in nanoseconds
   */
  long start(Path jar) throws IOException, BundleException {
    FrameworkWiring wiring = context().getBundle().adapt(FrameworkWiring.class);
    long start = System.nanoTime();
    Bundle bundle;
    try (InputStream in = Files.newInputStream(jar)) {
      bundle = context().installBundle("bare:" + jar.getFileName(), in);
    }
    wiring.resolveBundles(Set.of(bundle));
    bundle.start();
    long nanos = System.nanoTime() - start;
    bundle.uninstall();
    Files.delete(jar);
    return nanos;
  }

  @Override
  public void close() throws IOException, BundleException, InterruptedException {
    framework.stop();
    framework.waitForStop(10_000);
    delete(storage);
  }

  static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
