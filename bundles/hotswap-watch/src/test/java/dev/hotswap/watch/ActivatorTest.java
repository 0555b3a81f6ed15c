package dev.hotswap.watch;

import static dev.hotswap.watch.Attendance.plugin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Swapper;
import dev.hotswap.watch.osgi.Activator;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** The bundle, in a framework that only notes what it is asked for. */
@Timeout(60)
class ActivatorTest {
  @TempDir Path folder;
  private final FakeSwapper swapper = new FakeSwapper();
  private final List<String> asked = new ArrayList<>();
  private final ServiceReference<?> reference = noting(ServiceReference.class);
  private final BundleContext context = noting(BundleContext.class);

  private <T> T noting(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (type != ServiceReference.class) {
                asked.add(method.getName());
              }
              return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "getProperty" -> folder.toString();
                case "getServiceReferences" ->
                    arguments[0] == Swapper.class ? List.of(reference) : null;
                case "getService" -> swapper;
                case "registerService" -> noting(ServiceRegistration.class);
                case "ungetService" -> true;
                default -> null;
              };
            }));
  }

  private static boolean isWatching() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("hotswap-watch"));
  }

  @Test
  void folderIsWatchedUntilTheBundleIsStopped() throws Exception {
    Activator activator = new Activator();
    activator.start(context);
    assertThat(isWatching()).isTrue();
    activator.stop(context);
    assertThat(isWatching()).isFalse();
    assertThat(asked).contains("registerService", "unregister", "ungetService");
  }

  /** By a thread that is waited for: it must not need what the first round holds. */
  @Test
  void stopDuringTheFirstRoundLeavesNoThread() throws Exception {
    Path file = Files.write(folder.resolve("rules.jar"), plugin("rules", "1.0.0"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    Activator activator = new Activator();
    swapper.meanwhile =
        () -> {
          Thread stopping = new Thread(() -> activator.stop(context));
          stopping.start();
          try {
            stopping.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };

    activator.start(context);

    assertThat(swapper.deeds).containsExactly("swap rules.jar");
    assertThat(isWatching()).isFalse();
  }
}
