package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Plan;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The state of the rules on its way from version to version, and back. */
@Timeout(60)
class MigrationIT {
  private final AppFolder app = new AppFolder(Path.of("target", "app"));

  @Test
  void exemptionsGoUpToTheNextVersionAndDownAgain() {
    try (Host host = app.openHost()) {
      Handle<Rules> rules = host.handle(Rules.class);
      host.swap(app.v1());
      rules.use(v1 -> v1.exempt(7, "version 1 keeps no reasons"));

      Plan up = host.plan(app.v2());
      host.swap(app.v2());
      assertThat(up.members().get(0).state()).isEqualTo(Plan.State.HANDED_OVER);
      assertThat(exemption(rules, 7)).contains("since 1.0.0");
      rules.use(v2 -> v2.exempt(8, "asked for by ana"));
      assertThat(exemption(rules, 8)).contains("asked for by ana");

      host.rollback("dev.hotswap.examples.rules");
      String version = rules.with(v1 -> v1.data().stamp().version());
      assertThat(version).isEqualTo("1.0.0");
      assertThat(exemption(rules, 7)).contains("exempt");
      assertThat(exemption(rules, 8)).contains("exempt");
      assertThat(exemption(rules, 9)).isEmpty();

      host.swap(app.v2()); // and up once more
      assertThat(exemption(rules, 8)).contains("since 1.0.0");
    }
  }

  private static Optional<String> exemption(Handle<Rules> rules, int input) {
    return rules.with(any -> any.exemption(input));
  }
}
