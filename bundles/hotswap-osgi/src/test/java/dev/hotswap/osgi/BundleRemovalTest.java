package dev.hotswap.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Hashtable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** What becomes of a bundle that the framework does not uninstall at once. */
class BundleRemovalTest {
  private final AtomicInteger uninstalls = new AtomicInteger();

  /** One whose uninstall is interrupted in favour of somebody's refresh, so many times. */
  private Bundle refusing(int times) {
    return (Bundle)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Bundle.class},
            (bundle, method, arguments) ->
                switch (method.getName()) {
                  case "getHeaders" -> new Hashtable<String, String>();
                  case "getState" ->
                      uninstalls.get() > times ? Bundle.UNINSTALLED : Bundle.RESOLVED;
                  case "uninstall" -> uninstall(times);
                  default -> null;
                });
  }

  private Object uninstall(int times) {
    if (uninstalls.incrementAndGet() <= times) {
      throw new IllegalStateException("Unable to acquire global lock to remove bundle.");
    }
    return null;
  }

  @Test
  void uninstallThatIsInterruptedIsTriedAgain() {
    assertThat(BundleRemoval.tryUninstall(refusing(2))).isTrue();
    assertThat(uninstalls).hasValue(3);
  }

  @Test
  void uninstallThatNeverComesAboutIsGivenUpAndSaidSo() {
    assertThat(BundleRemoval.tryUninstall(refusing(1_000))).isFalse();
    assertThat(uninstalls).hasValue(5);
  }
}
