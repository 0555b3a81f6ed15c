package dev.hotswap.itest;

import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Animal;
import dev.hotswap.itest.zoo.Tame;
import dev.hotswap.itest.zoo.keeper.Keeper;
import dev.hotswap.itest.zoo.library.Herbarium;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The host of the zoo, its library bundles, and the jars of its animals. */
final class ZooHost {
  private static final List<String> HOSTS =
      List.of(
          Keeper.class.getPackageName(),
          "org.slf4j",
          "ch.qos.logback.classic",
          "ch.qos.logback.classic.spi",
          "ch.qos.logback.core");

  private static final List<String> IMPORTS =
      List.of(
          "org.osgi.framework",
          Animal.class.getPackageName(),
          Herbarium.class.getPackageName(),
          "com.fasterxml.jackson.databind",
          "com.google.gson",
          "com.github.benmanes.caffeine.cache",
          String.join(",", HOSTS));

  private ZooHost() {}

  static Host open(Path folder) {
    List<Path> base = new ArrayList<>(List.of(RealBundles.scr()));
    base.addAll(List.of(RealBundles.jacksonGsonAndCaffeine()));
    base.add(library(folder));
    return Hosts.builder()
        .standby(Duration.ZERO)
        .verdictAfter(Duration.ofSeconds(1))
        .share(Animal.class)
        .property("org.osgi.framework.system.packages.extra", String.join(",", HOSTS))
        .property("org.osgi.framework.bootdelegation", "javax.*,com.sun.*,jdk.*,org.xml.*")
        .base(base.toArray(Path[]::new))
        .open();
  }

  private static Path library(Path folder) {
    return PluginJar.named("herbarium", "1.0.0")
        .header("Import-Package", "org.osgi.framework,org.osgi.util.tracker")
        .header("Export-Package", Herbarium.class.getPackageName())
        .header("Bundle-Activator", Herbarium.class.getName())
        .types(Herbarium.class.getName())
        .in(folder);
  }

  static Path jar(Inmate inmate, Path folder) {
    PluginJar jar = plugin(inmate, "1.0.0").types(inmate.type());
    if (inmate.name().equals("Component")) {
      return jar.header("Bundle-Activator", Tame.class.getName())
          .header("Service-Component", "OSGI-INF/component.xml")
          .text(
              "OSGI-INF/component.xml",
              """
              <scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' name='zoo'>
                <implementation class='%s'/>
                <service><provide interface='java.lang.Runnable'/></service>
              </scr:component>
              """
                  .formatted(inmate.type()))
          .in(folder);
    }
    return jar.header("Bundle-Activator", inmate.type()).in(folder);
  }

  static Path next(Inmate inmate, Path folder) {
    return plugin(inmate, "2.0.0").header("Bundle-Activator", Tame.class.getName()).in(folder);
  }

  private static PluginJar plugin(Inmate inmate, String version) {
    return PluginJar.named(inmate.name(), version)
        .header("Import-Package", String.join(",", IMPORTS))
        .types(Tame.class.getName());
  }
}
