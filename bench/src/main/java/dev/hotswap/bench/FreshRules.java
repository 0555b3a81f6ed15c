package dev.hotswap.bench;

import dev.hotswap.bench.contract.Rules;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** A plugin's classes by a class loader of their own, and nothing else around them. */
final class FreshRules {
  private final Rules rules;

  /**
   * @param jar of {@link PluginJar#write}
   */
  FreshRules(Path jar) throws Exception {
    try (PluginLoader loader = new PluginLoader(jar.toUri().toURL())) {
      Constructor<?> made =
          loader
              .loadClass("dev.hotswap.bench.plugin.VersionedRules")
              .getDeclaredConstructor(String.class);
      made.setAccessible(true);
      rules = (Rules) made.newInstance(jar.toString());
    }
  }

  Rules rules() {
    return rules;
  }

  /** Shares the contract, and not the plugin's classes that are on the class path too. */
  private static final class PluginLoader extends URLClassLoader {
    PluginLoader(URL jar) {
      super(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      return name.equals(Rules.class.getName()) ? Rules.class : super.findClass(name);
    }
  }
}
