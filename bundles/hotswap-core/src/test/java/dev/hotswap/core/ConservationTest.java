package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Swaps lose, repeat and fail no call: started = returned + threw, whatever the callers do. */
class ConservationTest {
  private static final int CALLERS = 8;
  private static final int PUBLISHES = 200;
  private static final int CALLS_EACH = 50;

  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");
  private final Handle<Greeter> handle = world.handle(Greeter.class);
  private final Crew crew = new Crew();
  private volatile boolean over;

  /** What the plugin throws. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final Refused INSTANCE = new Refused();

    private Refused() {
      super("the plugin's own", null, false, false);
    }
  }

  @AfterEach
  void dismissCrew() {
    over = true;
    crew.close();
  }

  @Test
  void callersAndGenerationsCountTheSame() throws Exception {
    List<Binding<Greeter>> bindings = new ArrayList<>();
    bindings.add(publish());
    List<Crew.Member<Calls>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(crew.call("caller-" + i, this::callUntilOver));
    }
    for (int i = 0; i < PUBLISHES; i++) {
      awaitCalls(bindings.get(i));
      bindings.add(publish());
    }
    over = true;
    Calls counted = Calls.NONE;
    for (Crew.Member<Calls> caller : callers) {
      counted = counted.plus(caller.join());
    }
    plugin.unload();

    assertThat(bindings).allMatch(FakePlugin::drains);
    assertThat(bindings)
        .extracting(Binding::calls)
        .allMatch(calls -> calls.started() == calls.returned() + calls.threw());
    assertThat(bindings.stream().map(Binding::calls).reduce(Calls.NONE, Calls::plus))
        .isEqualTo(counted);
  }

  private Binding<Greeter> publish() {
    return plugin.publish(Greeter.class, Greeter.saying("hello"));
  }

  /** So that every generation is called, and is replaced while it is. */
  private static void awaitCalls(Binding<Greeter> binding) {
    long deadline = System.nanoTime() + Crew.LIMIT.toNanos();
    while (binding.calls().started() < CALLS_EACH && System.nanoTime() < deadline) {
      Thread.yield();
    }
    assertThat(binding.calls().started()).isGreaterThanOrEqualTo(CALLS_EACH);
  }

  private Calls callUntilOver() {
    long returned = 0;
    long threw = 0;
    for (int turn = 0; !over; turn++) {
      switch (turn % 8) {
        case 2 -> threw += failInUse();
        case 3 -> threw += fail();
        case 5 -> returned += lease();
        case 6 -> returned += use();
        case 7 -> returned += nest();
        default -> returned += greet();
      }
    }
    return new Calls(returned + threw, returned, threw);
  }

  private int greet() {
    return handle.with(greeter -> greeter.greet("Ada").isEmpty() ? 0 : 1);
  }

  private int use() {
    handle.use(greeter -> greeter.greet("Ada"));
    return 1;
  }

  private int nest() {
    handle.use(outer -> greet());
    return 2;
  }

  private int lease() {
    try (Lease<Greeter> lease = handle.lease()) {
      lease.service().greet("Ada");
    }
    return 1;
  }

  private int fail() {
    try {
      handle.with(
          greeter -> {
            throw Refused.INSTANCE;
          });
      throw new AssertionError("the exception was lost");
    } catch (Refused expected) {
      return 1;
    }
  }

  private int failInUse() {
    try {
      handle.use(
          greeter -> {
            throw Refused.INSTANCE;
          });
      throw new AssertionError("the exception was lost");
    } catch (Refused expected) {
      return 1;
    }
  }
}
