package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import java.io.File;
import org.junit.jupiter.api.Test;

/** What bnd makes of the annotation. */
class KeepsStateTest {
  /** A state keeper, say. */
  @KeepsState
  static final class Counter {}

  @Test
  void isACapabilityInTheManifest() throws Exception {
    try (Builder builder = new Builder()) {
      builder.addClasspath(new File(classes()));
      builder.setProperty("Private-Package", Counter.class.getPackageName());
      builder.build();

      assertThat(builder.getJar().getManifest().getMainAttributes().getValue("Provide-Capability"))
          .contains("dev.hotswap.state");
    }
  }

  private static String classes() {
    return Counter.class.getProtectionDomain().getCodeSource().getLocation().getPath();
  }
}
