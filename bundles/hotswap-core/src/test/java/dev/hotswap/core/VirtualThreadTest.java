package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** By reflection, because the class files are Java 17's. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadTest {
  private static final int MANY = 10_000;

  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "greeter");
  private final Handle<Greeter> handle = world.handle(Greeter.class);
  private Binding<Greeter> binding;
  private ExecutorService virtualThreads;

  @BeforeEach
  void publishFirstGeneration() throws Exception {
    binding = plugin.publish(Greeter.class, Greeter.saying("hello"));
    virtualThreads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  @AfterEach
  void endVirtualThreads() {
    virtualThreads.shutdownNow();
  }

  @Test
  void isToldFromAPlatformThread() throws Exception {
    assertThat(virtualThreads.submit(() -> Threads.isVirtual(Thread.currentThread())).get())
        .isTrue();
    assertThat(Threads.isVirtual(Thread.currentThread())).isFalse();
  }

  @Test
  void callsAreAnsweredAndCounted() throws Exception {
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      answers.add(virtualThreads.submit(this::greet));
    }

    for (Future<String> answer : answers) {
      assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("hello Ada");
    }
    assertThat(binding.calls()).isEqualTo(new Calls(MANY, MANY, 0));
  }

  @Test
  void neverOwnsAStripe() throws Exception {
    Future<Boolean> owns =
        virtualThreads.submit(
            () -> {
              greet();
              return new OwnerLane(binding).mayEnter();
            });

    assertThat(owns.get(20, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void shortOnesLeaveNothingRegistered() throws Exception {
    long before = registered(binding);

    callOnMany(this::greet);

    assertThat(registered(binding)).isEqualTo(before);
  }

  @Test
  void shortOnesBecomeCollectable() throws Exception {
    List<WeakReference<Thread>> threads = new ArrayList<>();
    callOnMany(
        () -> {
          greet();
          synchronized (threads) {
            threads.add(new WeakReference<>(Thread.currentThread()));
          }
          return null;
        });

    Awaitility.await()
        .atMost(Crew.LIMIT)
        .until(
            () -> {
              System.gc();
              return threads.stream().allMatch(thread -> thread.get() == null);
            });
  }

  @Test
  void callInFlightKeepsTheDrainFromEnding() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Future<?> visit =
        virtualThreads.submit(
            () -> {
              handle.use(
                  greeter -> {
                    inside.countDown();
                    Crew.await(leave);
                  });
              return null;
            });
    Crew.await(inside);
    plugin.unload();
    assertThat(binding.isDrained()).isFalse();

    leave.countDown();

    assertThat(FakePlugin.drains(binding)).isTrue();
    visit.get(20, TimeUnit.SECONDS);
  }

  @Test
  void leaseMayBeHandedFromOneToAnother() throws Exception {
    Lease<Greeter> lease = virtualThreads.submit(handle::lease).get(20, TimeUnit.SECONDS);
    plugin.unload();
    assertThat(binding.isDrained()).isFalse();

    virtualThreads.submit(lease::close).get(20, TimeUnit.SECONDS);

    assertThat(FakePlugin.drains(binding)).isTrue();
  }

  private String greet() {
    return handle.with(greeter -> greeter.greet("Ada"));
  }

  private void callOnMany(Callable<?> work) throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      calls.add(virtualThreads.submit(work));
    }
    for (Future<?> call : calls) {
      call.get(20, TimeUnit.SECONDS);
    }
  }

  /** How many things the pins hold on to, in whatever they keep them. */
  private static long registered(Binding<?> pins) throws IllegalAccessException {
    return registeredIn(pins);
  }

  private static long registeredIn(Object holding) throws IllegalAccessException {
    long sum = 0;
    for (Class<?> type = holding.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          sum += sizeOf(field.get(holding));
        }
      }
    }
    return sum;
  }

  private static long sizeOf(Object held) throws IllegalAccessException {
    if (held instanceof AtomicReference<?> reference) {
      return sizeOf(reference.get());
    }
    if (held instanceof Guests || held instanceof Berths) {
      return registeredIn(held);
    }
    if (held instanceof AtomicReferenceArray<?> array) {
      long sum = 0;
      for (int i = 0; i < array.length(); i++) {
        sum += array.get(i) == null ? 0 : 1;
      }
      return sum;
    }
    if (held instanceof Object[] array) {
      return Arrays.stream(array).filter(element -> element != null).count();
    }
    if (held instanceof long[] array) {
      return array.length;
    }
    if (held instanceof Map<?, ?> map) {
      return map.size();
    }
    return held instanceof Collection<?> collection ? collection.size() : 0;
  }
}
