package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Lease;
import dev.hotswap.api.NoGenerationException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** To end by an interrupt and then to close is the usual way. */
@Timeout(30)
class CloseTest {
  @TempDir Path folder;
  private final Crew crew = new Crew();
  private FakeHost host;

  @BeforeEach
  void open() {
    host = new FakeHost(folder, settings -> settings);
    host.swapper.swap(host.jar("p", "1"));
  }

  @AfterEach
  void close() {
    host.close();
    crew.close();
  }

  @Test
  void closeByAnInterruptedThreadEndsTheCallsAllTheSame() {
    Thread.currentThread().interrupt();

    host.close();

    assertThat(Thread.interrupted()).as("kept").isTrue();
    assertThatThrownBy(host::name).isInstanceOf(NoGenerationException.class);
  }

  @Test
  void closeByAnInterruptedThreadWaitsForTheCallsInside() throws Exception {
    Lease<FakeHost.Named> lease = host.named.lease();
    Crew.Member<Boolean> closer =
        crew.call(
            "closer",
            () -> {
              Thread.currentThread().interrupt();
              host.close();
              return Thread.interrupted();
            });
    closer.awaitParked();
    assertThat(host.installer.removed).isEmpty();
    assertThat(closer.task().isDone()).isFalse();

    lease.close();

    assertThat(closer.join()).isTrue();
    await().until(() -> !closer.thread().isAlive());
  }
}
