package dev.hotswap.itest;

import java.nio.file.Path;
import java.util.stream.Stream;

/** Published bundles that the build has fetched. */
final class RealBundles {
  private static final Path FOLDER = Path.of(System.getProperty("itest.bundles"));

  private RealBundles() {}

  /** Apache Felix's Declarative Services, and what it needs. */
  static Path[] scr() {
    return files("scr-function", "scr-promise", "scr-component", "scr");
  }

  /** As {@link #scr}, with Apache Felix's Configuration Admin. */
  static Path[] scrAndConfigAdmin() {
    return files("scr-function", "scr-promise", "configadmin", "scr-component", "scr");
  }

  /** Libraries with caches of types, and what they need. */
  static Path[] jacksonGsonAndCaffeine() {
    return files("jackson-annotations", "jackson-core", "jackson-databind", "gson", "caffeine");
  }

  /** Apache Felix's shell without a terminal, and its commands on bundles. */
  static Path[] gogo() {
    return files("gogo-runtime", "gogo-command");
  }

  /** Apache Felix's File Install. */
  static Path[] fileInstall() {
    return files("fileinstall");
  }

  /** What Spring Boot's build puts into a jar of jars, to start it. */
  static Path springBootLoader() {
    return FOLDER.resolve("spring-boot-loader.jar");
  }

  private static Path[] files(String... names) {
    return Stream.of(names).map(name -> FOLDER.resolve(name + ".jar")).toArray(Path[]::new);
  }
}
