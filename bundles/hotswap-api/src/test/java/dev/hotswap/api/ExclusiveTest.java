package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import java.io.File;
import org.junit.jupiter.api.Test;

/** What bnd makes of the annotation. */
class ExclusiveTest {
  /** An activator, say. */
  @Exclusive(resource = "port 8080")
  static final class Server {}

  @Test
  void isACapabilityInTheManifest() throws Exception {
    try (Builder builder = new Builder()) {
      builder.addClasspath(new File(classes()));
      builder.setProperty("Private-Package", Server.class.getPackageName());
      builder.build();

      assertThat(builder.getJar().getManifest().getMainAttributes().getValue("Provide-Capability"))
          .contains("dev.hotswap.exclusive;resource=\"port 8080\"");
    }
  }

  private static String classes() {
    return Server.class.getProtectionDomain().getCodeSource().getLocation().getPath();
  }
}
