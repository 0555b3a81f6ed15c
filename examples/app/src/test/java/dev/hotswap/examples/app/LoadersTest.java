package dev.hotswap.examples.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class LoadersTest {
  private final Loaders loaders = new Loaders();

  @Test
  void countsEachLoaderOnceAndForgetsTheCollected() throws InterruptedException {
    Object kept = objectOfNewLoader();
    for (int i = 0; i < 5; i++) {
      loaders.see(objectOfNewLoader());
      loaders.see(kept);
      loaders.see(kept);
    }

    assertThat(loaders.awaitCollected(1)).isOne();
    Reference.reachabilityFence(kept);
  }

  @Test
  void countsWhatIsHeld() throws InterruptedException {
    Object first = objectOfNewLoader();
    Object second = objectOfNewLoader();
    loaders.see(first);
    loaders.see(second);
    loaders.see(first);

    assertThat(loaders.awaitCollected(2)).isEqualTo(2);
    Reference.reachabilityFence(first);
    Reference.reachabilityFence(second);
  }

  private static Object objectOfNewLoader() {
    ClassLoader loader = new ClassLoader(null) {};
    InvocationHandler nothing = (proxy, method, arguments) -> null;
    return Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, nothing);
  }
}
