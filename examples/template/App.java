import dev.hotswap.host.Host;
import greeting.Greeting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Greets once a second, with whatever plugin is in the folder plugins/. */
public class App {
  public static void main(String[] arguments) throws Exception {
    Path plugins = Files.createDirectories(Path.of("plugins"));
    try (Host host =
        Host.builder()
            .share(Greeting.class)
            .watch(plugins)
            .availability(Duration.ofMinutes(5))
            .open()) {
      Greeting greeting = host.handle(Greeting.class).proxy(); // keep it as long as you like
      while (true) {
        System.out.println(greeting.greet("world"));
        Thread.sleep(1000);
      }
    }
  }
}
