package dev.hotswap.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Generation;
import dev.hotswap.core.LiveGeneration;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;

/** Which bundle is which generation, while a rollback from standby gives it another number. */
@Timeout(30)
class GenerationsTest {
  private static final int TIMES = 200_000;

  private final Generations generations = new Generations();
  private final Bundle bundle = bundle(7);
  private volatile boolean done;
  private volatile long missed;

  /** A service that is found to be nobody's would be shown to everybody as it is. */
  @Test
  void bundleThatGetsAnotherNumberIsAGenerationAllTheWhile() throws Exception {
    LiveGeneration one = generation(1);
    LiveGeneration other = generation(2);
    generations.put(bundle, one);
    CountDownLatch looking = new CountDownLatch(1);
    Thread onlooker = new Thread(() -> look(looking), "onlooker");
    onlooker.start();
    looking.await();

    for (int time = 0; time < TIMES; time++) {
      generations.put(bundle, time % 2 == 0 ? other : one);
    }

    done = true;
    onlooker.join();
    assertThat(missed).as("looks that found no generation").isZero();
  }

  private void look(CountDownLatch looking) {
    long misses = 0;
    while (!done) {
      misses += generations.of(bundle).isEmpty() ? 1 : 0;
      looking.countDown();
    }
    missed = misses;
  }

  @Test
  void bundleThatGotAnotherNumberIsNoLongerTheGenerationOfBefore() throws Exception {
    LiveGeneration before = generation(1);
    LiveGeneration now = generation(2);
    generations.put(bundle, before);

    generations.put(bundle, now);

    assertThat(generations.of(bundle)).containsSame(now);
    assertThat(generations.bundle(now)).containsSame(bundle);
    assertThat(generations.bundle(before)).isEmpty();
  }

  @Test
  void bundleThatIsNotedTwiceAsOneGenerationStaysIt() throws Exception {
    LiveGeneration one = generation(1);
    generations.put(bundle, one);

    generations.put(bundle, one);

    assertThat(generations.bundle(one)).containsSame(bundle);
  }

  @Test
  void bundleThatHasLeftIsNoGeneration() throws Exception {
    LiveGeneration one = generation(1);
    generations.put(bundle, one);

    generations.remove(bundle);

    assertThat(generations.of(bundle)).isEmpty();
    assertThat(generations.bundle(one)).isEmpty();
  }

  /** Only the core makes generations; here one is a key, and nothing else of it is asked. */
  private static LiveGeneration generation(long number) throws ReflectiveOperationException {
    Constructor<LiveGeneration> maker =
        LiveGeneration.class.getDeclaredConstructor(Generation.class);
    maker.setAccessible(true);
    return maker.newInstance(new Generation("greeter", number, "1.0.0", "0".repeat(64)));
  }

  private static Bundle bundle(long id) {
    return (Bundle)
        Proxy.newProxyInstance(
            GenerationsTest.class.getClassLoader(),
            new Class<?>[] {Bundle.class},
            (bundle, method, arguments) ->
                switch (method.getName()) {
                  case "getBundleId" -> id;
                  case "hashCode" -> (int) id;
                  case "toString" -> "bundle " + id;
                  case "equals" -> bundle == arguments[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
