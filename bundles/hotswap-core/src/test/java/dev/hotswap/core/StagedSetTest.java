package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.StagedSet;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is staged is published or discarded, whatever happens. */
@Timeout(30)
class StagedSetTest {
  @TempDir Path folder;
  private FakeHost host;

  @BeforeEach
  void open() {
    host = new FakeHost(folder, settings -> settings);
    host.swapper.swap(host.jar("p", "1"));
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void setOfWhichNobodyCanTellWhetherItIsStaleIsDiscarded() {
    StagedSet set = host.swapper.stage(host.jar("p", "2"));
    host.swapper.swap(host.jar("q", "1"));
    host.installer.outdated =
        generation -> {
          throw new IllegalStateException("its bundle is gone");
        };

    Refusal refusal = host.refusalOf(set::publish);

    assertThat(refusal.message()).contains("its bundle is gone");
    assertThat(host.stages("p")).containsExactly(Stage.CURRENT);
    assertThat(host.installer.removed).hasSize(1);
  }
}
