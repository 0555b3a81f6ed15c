package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Plan;
import dev.hotswap.examples.rules.ExemptionBook;
import dev.hotswap.host.Host;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The state of a plugin on its way from version to version, and back. */
@Timeout(60)
class MigrationIT {
  private static final Path V1 = Path.of("target", "migration", "exemptions-v1.jar");
  private static final Path V2 = Path.of("target", "migration", "exemptions-v2.jar");

  private final AppFolder app = new AppFolder(Path.of("target", "app"));

  @Test
  void exemptionsGoUpToTheNextVersionAndDownAgain() {
    try (Host host = app.openHost()) {
      Handle<ExemptionBook> book = host.handle(ExemptionBook.class);
      host.swap(V1);
      book.use(v1 -> v1.exempt(7, "version 1 keeps no reasons"));

      Plan up = host.plan(V2);
      host.swap(V2);
      assertThat(up.members().get(0).state()).isEqualTo(Plan.State.HANDED_OVER);
      assertThat(exemption(book, 7)).contains("since 1.0.0");
      book.use(v2 -> v2.exempt(8, "asked for by ana"));
      assertThat(exemption(book, 8)).contains("asked for by ana");

      host.swap(V1); // down, by the file
      assertThat(version(book)).isEqualTo("1.0.0");
      assertThat(exemption(book, 7)).contains("exempt");
      assertThat(exemption(book, 8)).contains("exempt");
      assertThat(exemption(book, 9)).isEmpty();

      host.swap(V2);
      assertThat(exemption(book, 8)).contains("since 1.0.0");
      book.use(v2 -> v2.exempt(9, "asked for by bo"));

      host.rollback("dev.hotswap.examples.exemptions"); // down, by undoing the last swap
      assertThat(version(book)).isEqualTo("1.0.0");
      assertThat(exemption(book, 9)).contains("exempt");
    }
  }

  private static String version(Handle<ExemptionBook> book) {
    return book.with(any -> any.stamp().version());
  }

  private static Optional<String> exemption(Handle<ExemptionBook> book, int input) {
    return book.with(any -> any.exemption(input));
  }
}
