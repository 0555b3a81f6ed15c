package dev.hotswap.itest;

import dev.hotswap.host.Host;
import org.eclipse.osgi.launch.EquinoxFactory;

/** Builders of hosts on the framework that this run of the tests is for. */
final class Hosts {
  private static final String FRAMEWORK = System.getProperty("itest.framework", "felix");

  private Hosts() {}

  static boolean areOnEquinox() {
    return FRAMEWORK.equals("equinox");
  }

  static Host.Builder builder() {
    return switch (FRAMEWORK) {
      case "felix" -> Host.builder();
      case "equinox" -> Host.builder().framework(new EquinoxFactory());
      default -> throw new IllegalStateException("there is no framework " + FRAMEWORK);
    };
  }
}
