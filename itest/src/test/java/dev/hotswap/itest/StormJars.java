package dev.hotswap.itest;

import dev.hotswap.itest.contract.Greeter;
import java.util.random.RandomGenerator;

/** The jars of the storm's plugins. */
final class StormJars {
  private final RandomGenerator random;

  StormJars(RandomGenerator random) {
    this.random = random;
  }

  PluginJar jar(String plugin, String version) {
    return switch (plugin) {
      case Region.COUNTER -> counter(version);
      case Region.SOLE ->
          telling(Region.SOLE, version, "Sole")
              .header("Bundle-SymbolicName", Region.SOLE + ";singleton:=true");
      case Region.LEAF ->
          telling(Region.LEAF, version, "Leaf")
              .header(
                  "Import-Package",
                  "org.osgi.framework,dev.hotswap.itest.contract,dev.hotswap.itest.lib.base");
      case Region.BASE -> LibraryJar.library(Region.BASE, version);
      case Region.RELAY -> relaying(Region.RELAY, version, "Relay");
      case Region.OUTER -> relaying(Region.OUTER, version, "Outer");
      case Region.GREETER ->
          random.nextInt(4) == 0 ? component(version) : stamped(plugin, version, "Greeter");
      default -> stamped(plugin, version, "Clock");
    };
  }

  /** It accepts this version of the library and no other. */
  static PluginJar stayer(String version, String library) {
    return telling(Region.STAYER, version, "Stayer")
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.itest.contract,dev.hotswap.itest.lib.base;version=\"["
                + library
                + ","
                + library
                + "]\"");
  }

  private static PluginJar telling(String plugin, String version, String contract) {
    return PluginJar.named(plugin, version)
        .header("Test-Contract", contract)
        .activator("TellingActivator")
        .classes("StampedActivator", "OpenGreeter", "LateLoaded", "PluginException");
  }

  private static PluginJar relaying(String plugin, String version, String contract) {
    return PluginJar.named(plugin, version)
        .header("Test-Contract", contract)
        .header(
            "Import-Package", "org.osgi.framework,org.osgi.util.tracker,dev.hotswap.itest.contract")
        .activator("RelayActivator")
        .classes("StampedActivator", "OpenGreeter", "LateLoaded", "PluginException");
  }

  private static PluginJar stamped(String plugin, String version, String contract) {
    return PluginJar.named(plugin, version)
        .header("Test-Contract", contract)
        .activator("StampedActivator")
        .classes("OpenGreeter", "LateLoaded", "PluginException");
  }

  /** The greeter as a component of Declarative Services. */
  static PluginJar component(String version) {
    return PluginJar.named(Region.GREETER, version)
        .component("StampedComponent", Greeter.class.getName(), "")
        .classes("StampedActivator", "OpenGreeter", "LateLoaded", "PluginException");
  }

  static PluginJar counter(String version) {
    return PluginJar.named(Region.COUNTER, version)
        .activator("CountingActivator")
        .classes(
            "CountingActivator$Counting",
            "CountingActivator$Keeper",
            "CountingActivator$Kept",
            "CountingActivator$PluginOwnException",
            "PluginException")
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.api,dev.hotswap.itest.contract;version=\"[1.2,2)\"")
        .header("Provide-Capability", "dev.hotswap.state");
  }
}
