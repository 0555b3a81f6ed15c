package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.SwapEvent;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExecutorIT {
  @TempDir Path folder;

  @Test
  void listenersOfTheBuilderAreToldOnItsThreadsAndItOutlivesTheHost() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2, task -> new Thread(task, "embedder"));
    ConcurrentLinkedQueue<Map.Entry<String, String>> told = new ConcurrentLinkedQueue<>();
    try (Host host =
        Hosts.builder()
            .share(Greeter.class)
            .executor(threads)
            .listener(event -> told.add(Map.entry(Thread.currentThread().getName(), kind(event))))
            .open()) {
      host.swap(PluginJar.greeter("1.0.0").in(folder));
      await().until(() -> told.size() >= 3);
    }
    assertThat(threads.isShutdown()).isFalse();
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(told).extracting(Map.Entry::getKey).containsOnly("embedder");
    assertThat(told)
        .extracting(Map.Entry::getValue)
        .startsWith(List.of("Staged", "Published", "Answered").toArray(String[]::new));
  }

  private static String kind(SwapEvent event) {
    return event.getClass().getSimpleName();
  }
}
