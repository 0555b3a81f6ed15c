package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** Two published releases of a bundle that nobody here wrote take turns under load. */
@Timeout(120)
class EventAdminIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path BUNDLES = Path.of(System.getProperty("itest.bundles"));
  private static final List<Path> RELEASES =
      List.of(
          BUNDLES.resolve("eventadmin-1.5.0.jar"), //
          BUNDLES.resolve("eventadmin-1.6.4.jar"));
  private static final String TOPIC = "dev/hotswap/itest";
  private static final int SWAPS = 120;
  private static final int CALLS_BETWEEN = 100;

  private final LongAdder delivered = new LongAdder();
  private final Loaders loaders = new Loaders();
  private final List<Swap> swaps = new ArrayList<>();
  private Host host;
  private Handle<EventAdmin> eventAdmin;
  private long looks;

  @BeforeEach
  void open() {
    host = Hosts.builder().standby(Duration.ZERO).share(EventAdmin.class).open();
    eventAdmin = host.handle(EventAdmin.class);
    Dictionary<String, Object> topics = new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, TOPIC));
    host.bundleContext()
        .registerService(EventHandler.class, event -> delivered.increment(), topics);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void everyEventSentWhileReleasesTakeTurnsIsDeliveredOnce() throws Exception {
    swapIn(0);
    Event event = new Event(TOPIC, Map.of());
    EventAdmin kept = eventAdmin.proxy();
    try (Callers callers = new Callers()) {
      callers
          .start("with", () -> eventAdmin.with(admin -> send(admin, event)))
          .start("use", () -> eventAdmin.use(admin -> admin.sendEvent(event)))
          .start("proxy", () -> kept.sendEvent(event));
      for (int i = 1; i <= SWAPS; i++) {
        awaitMoreCalls(callers);
        swapIn(i);
      }
      awaitMoreCalls(callers);
      reclaimed(swaps);
      callers.stop();
      assertThat(callers.failures()).isEmpty();
      assertThat(delivered.sum()).isEqualTo(callers.calls());
      assertThat(loaders.seen()).isEqualTo(1 + SWAPS);
      await().atMost(LIMIT).until(() -> loaders.live() == 1);
      conservesCalls(callers.calls());
    }
  }

  /** Ends the last generation too, so that every call is in some receipt. */
  private void conservesCalls(long sent) throws Exception {
    swaps.add(host.unload("org.apache.felix.eventadmin"));
    List<Retirement> retirements = reclaimed(swaps);
    Calls sum = retirements.stream().map(Retirement::calls).reduce(Calls.NONE, Calls::plus);
    long probes = 1 + SWAPS;
    long expected = sent + looks + probes;
    assertThat(retirements).hasSize(1 + SWAPS);
    assertThat(sum).isEqualTo(new Calls(expected, expected, 0));
    System.out.printf(
        "EventAdminIT: swaps=%d sent=%d delivered=%d started=%d returned=%d loaders=1%n",
        SWAPS, sent, delivered.sum(), sum.started(), sum.returned());
  }

  private void swapIn(int turn) {
    Swap swap = host.swap(RELEASES.get(turn % 2));
    assertThat(swap.receipt().outcome()).isEqualTo(Receipt.Outcome.SWAPPED);
    swaps.add(swap);
    eventAdmin.use(loaders::add);
    looks++;
  }

  private static Object send(EventAdmin admin, Event event) {
    admin.sendEvent(event);
    return null;
  }

  private static void awaitMoreCalls(Callers callers) {
    long enough = callers.calls() + CALLS_BETWEEN;
    await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> callers.calls() >= enough || !callers.failures().isEmpty());
  }

  private static List<Retirement> reclaimed(List<Swap> swaps) throws Exception {
    List<Retirement> retirements = new ArrayList<>();
    for (Swap swap : swaps) {
      swap.awaitReclaimed(LIMIT).retirement().ifPresent(retirements::add);
    }
    return retirements;
  }
}
