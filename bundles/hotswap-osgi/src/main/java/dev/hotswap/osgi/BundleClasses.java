package dev.hotswap.osgi;

import java.time.Duration;
import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** The classes that a bundle brings along, its fragments' too. */
final class BundleClasses {
  private static final String SUFFIX = ".class";

  private BundleClasses() {}

  /** Loads them, until all are loaded or the limit is over. No code of theirs runs. */
  static void load(Bundle bundle, Duration limit) {
    long start = System.nanoTime();
    for (String file : files(bundle)) {
      if (System.nanoTime() - start > limit.toNanos()) {
        return;
      }
      if (isType(file)) {
        load(bundle, file);
      }
    }
  }

  private static Collection<String> files(Bundle bundle) {
    return bundle
        .adapt(BundleWiring.class)
        .listResources(
            "/",
            "*" + SUFFIX,
            BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL);
  }

  /** Neither what describes a package or module, nor another Java version's form of a class. */
  private static boolean isType(String file) {
    return !file.endsWith("-info.class") && !file.startsWith("META-INF/");
  }

  private static void load(Bundle bundle, String file) {
    try {
      bundle.loadClass(file.substring(0, file.length() - SUFFIX.length()).replace('/', '.'));
    } catch (ClassNotFoundException | LinkageError | IllegalStateException e) {
      return; // an optional import, say: it is the affair of who uses the class
    }
  }
}
