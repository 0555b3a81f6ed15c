package dev.hotswap.examples.app;

import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Where the packaged application lies: {@code lib/} its class path, {@code base/} the bundles that
 * are never swapped, {@code plugins/} the releases of the plugin.
 */
record AppFolder(Path root) {
  private static final String[] BASE = {
    "org.osgi.util.function.jar",
    "org.osgi.util.promise.jar",
    "org.osgi.service.component.jar",
    "org.apache.felix.scr.jar"
  };

  /** The folder whose {@code lib/} this class was loaded from. */
  static AppFolder ofThisJar() {
    URI jar =
        URI.create(AppFolder.class.getProtectionDomain().getCodeSource().getLocation().toString());
    return new AppFolder(Path.of(jar).getParent().getParent());
  }

  Path v1() {
    return plugin("rules-v1.jar");
  }

  Path v2() {
    return plugin("rules-v2.jar");
  }

  Path broken() {
    return plugin("rules-broken.jar");
  }

  private Path plugin(String file) {
    return root.resolve("plugins").resolve(file);
  }

  Path log() {
    return root.resolve("demo.log");
  }

  /** A host that shares the contract and can run plugins written with Declarative Services. */
  Host openHost() {
    Path folder = root.resolve("base");
    Path[] base = Stream.of(BASE).map(folder::resolve).toArray(Path[]::new);
    Host host = Host.builder().standby(Duration.ZERO).share(Rules.class).base(base).open();
    // an interrupt from the keyboard leaves no temporary files behind either
    Runtime.getRuntime().addShutdownHook(new Thread(host::close, "close-host"));
    return host;
  }
}
