package dev.hotswap.itest;

import dev.hotswap.api.Handle;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Run as a process, by one collector: swaps a clean generation out and one that is held, and prints
 * what the host says of them, first after collections of the young generation only, if the argument
 * is {@code young}, then when the JVM has unloaded.
 */
final class JudgesByItself {
  private static final Duration SOON = Duration.ofMillis(100);
  private static volatile Object sink;

  private JudgesByItself() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("judges");
    try (Host host =
        Hosts.builder().standby(Duration.ZERO).verdictAfter(SOON).share(Greeter.class).open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      swap(host, folder, "1.0.0");
      List<Greeter> kept = new ArrayList<>();
      greeter.use(kept::add);
      swap(host, folder, "2.0.0");
      swap(host, folder, "3.0.0");
      if (arguments[0].equals("young")) {
        long before = collections();
        while (collections() < before + 10) {
          sink = new byte[1 << 16];
        }
        Thread.sleep(SOON.toMillis() * 3);
        System.out.println("young: " + host.leaks().count());
      }
      while (host.leaks().count().watched() > 0) {
        System.gc();
        Thread.sleep(SOON.toMillis());
      }
      System.out.println("unloaded: " + host.leaks().count() + " " + verdicts(host));
      kept.clear();
      while (!host.leaks().watched().isEmpty()) {
        System.gc();
        Thread.sleep(SOON.toMillis());
      }
      System.out.println("released: " + host.leaks().count());
    }
  }

  private static void swap(Host host, Path folder, String version) throws Exception {
    host.swap(PluginJar.greeter(version).in(folder)).awaitReclaimed(Duration.ofMinutes(1));
  }

  private static List<String> verdicts(Host host) {
    return host.leaks().watched().stream()
        .map(watched -> watched.generation().id() + " " + watched.verdict())
        .toList();
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
