package dev.hotswap.itest;

import dev.hotswap.api.Handle;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Run as a process, with {@code java.lang} opened: counts the entries of this thread's thread-local
 * variables, stale ones too, while it asks for swaps and calls each generation.
 */
final class CountsThreadLocals {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private CountsThreadLocals() {}

  public static void main(String[] arguments) throws Exception {
    Path jar = Path.of(arguments[0]).resolve("next.jar");
    int swaps = Integer.parseInt(arguments[1]);
    try (Host host = Hosts.builder().standby(Duration.ZERO).share(Greeter.class).open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      for (int build = 1; build <= 2 * swaps; build++) {
        host.swap(PluginJar.greeter("1.0." + build).as(jar)).awaitReclaimed(LIMIT);
        greeter.use(Greeter::version);
        if (build % swaps == 0) {
          System.out.println("swaps " + build + " entries " + entries(Thread.currentThread()));
        }
      }
    }
  }

  private static int entries(Thread thread) throws ReflectiveOperationException {
    Field variables = Thread.class.getDeclaredField("threadLocals");
    variables.setAccessible(true);
    Object map = variables.get(thread);
    Field size = map.getClass().getDeclaredField("size");
    size.setAccessible(true);
    return size.getInt(map);
  }
}
