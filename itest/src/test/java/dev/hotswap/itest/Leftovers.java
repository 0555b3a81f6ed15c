package dev.hotswap.itest;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** The threads that have come to live since a moment. */
final class Leftovers {
  /** OSGi's promises, on which Declarative Services works, keep idle threads for a minute. */
  private static final String PROMISES = "PromiseFactory,";

  private final Set<Thread> before = Thread.getAllStackTraces().keySet();

  /** Waits until every thread that was started since then has ended. */
  void awaitNoThreads() {
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              Set<String> left = threads();
              if (!left.isEmpty()) {
                throw new AssertionError("threads left: " + left);
              }
            });
  }

  private Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> !name.startsWith(PROMISES))
        .collect(Collectors.toSet());
  }
}
