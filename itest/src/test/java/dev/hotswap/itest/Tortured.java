package dev.hotswap.itest;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.DyingDisk;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Run as a process, to be killed: a host on a data folder that does one deed after the other under
 * load, and says on its standard output what it is about to do, and what has come of it.
 */
final class Tortured {
  static final int RELEASES = 20;

  private final Host host;
  private final Path data;
  private final Path releases;
  private final SplittableRandom random;
  private final Handle<Greeter> greeter;
  private final Handle<Clock> clock;
  private Map<String, String> before = Map.of();

  private Tortured(Host host, Path data, Path releases, long seed) {
    this.host = host;
    this.data = data;
    this.releases = releases;
    this.random = new SplittableRandom(seed);
    this.greeter = host.handle(Greeter.class);
    this.clock = host.handle(Clock.class);
  }

  /**
   * Data folder, folder of releases, seed, how many deeds, at which step what becomes of the disk.
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    Host.Builder builder =
        Hosts.builder()
            .share(Greeter.class, Clock.class)
            .data(data)
            .startAttempts(1000) // or two kills in one start would be taken for its fault
            .availability(Duration.ZERO)
            .standby(Duration.ZERO);
    int step = Integer.parseInt(arguments[4]);
    Host host =
        step == 0
            ? builder.open()
            : DyingDisk.open(builder, step, DyingDisk.End.valueOf(arguments[5]));
    Tortured tortured =
        new Tortured(host, data, Path.of(arguments[1]), Long.parseLong(arguments[2]));
    tortured.live(Integer.parseInt(arguments[3]), step == 0 || arguments[5].equals("DEATH"));
    say("end");
    System.exit(0); // callers and all
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void live(int deeds, boolean lasting) throws Exception {
    say("opened " + state());
    if (lasting) {
      requireJournalAgrees();
    }
    call(() -> greeter.with(Greeter::version));
    call(() -> clock.with(Clock::version));
    for (int i = 0; i < deeds; i++) {
      deed();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(5));
    }
    host.close();
  }

  private static void call(Supplier<String> look) {
    Thread caller =
        new Thread(
            () -> {
              while (true) {
                try {
                  look.get();
                } catch (NoGenerationException e) {
                  Thread.yield(); // before the first swap, and after the close
                } catch (RuntimeException | Error e) {
                  say("wrong: a call failed: " + e);
                }
              }
            },
            "caller");
    caller.setDaemon(true);
    caller.start();
  }

  private void deed() {
    Map<String, String> now = state();
    int choice = random.nextInt(100);
    if (choice < 15 && before.containsKey("greeter") && !before.equals(now)) {
      Map<String, String> target = before;
      before = Map.of();
      String plugin = now.get("greeter").equals(target.get("greeter")) ? "clock" : "greeter";
      attempt(target, () -> host.rollback(plugin));
    } else {
      before = now;
      Map<String, String> target = new TreeMap<>(now);
      List<Path> files = new ArrayList<>();
      for (String plugin :
          choice < 60
              ? List.of("greeter")
              : choice < 80 ? List.of("clock") : List.of("clock", "greeter")) {
        target.put(plugin, other(now.get(plugin)));
        files.add(releases.resolve(plugin + "-" + target.get(plugin) + ".jar"));
      }
      attempt(target, () -> host.swap(files.toArray(Path[]::new)));
    }
  }

  private String other(String version) {
    String other = "1.0." + random.nextInt(RELEASES);
    return other.equals(version) ? other(version) : other;
  }

  private void attempt(Map<String, String> target, Runnable deed) {
    say("about " + target);
    try {
      deed.run();
      say("done " + state());
    } catch (SwapRefusedException e) {
      say("refused " + state() + " " + e.getMessage());
      before = Map.of();
    }
  }

  /** What is current, and answers. */
  private Map<String, String> state() {
    Map<String, String> state = new TreeMap<>();
    for (Snapshot.Plugin plugin : host.snapshot().plugins()) {
      long current =
          plugin.generations().stream().filter(live -> live.stage() == Stage.CURRENT).count();
      if (current > 1) {
        say("wrong: " + plugin);
      }
      plugin.current().ifPresent(now -> state.put(plugin.name(), now.version()));
    }
    requireAnswer(state.get("greeter"), () -> greeter.with(Greeter::version));
    requireAnswer(state.get("clock"), () -> clock.with(Clock::version));
    return state;
  }

  private static void requireAnswer(String version, Supplier<String> look) {
    if (version != null && !version.equals(look.get())) {
      say("wrong: " + version + " is current, and " + look.get() + " answers");
    }
  }

  /** The digest of what lies in the store under that one. */
  private String stored(String sha256) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(data.resolve("store").resolve(sha256 + ".jar"));
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file was written anew by the open, and only starts were added to it. */
  private void requireJournalAgrees() throws IOException {
    Map<String, String> recorded = new TreeMap<>();
    for (String line : Files.readAllLines(data.resolve("journal"))) {
      String[] words = line.split(" ");
      if (words[1].equals("current")) {
        String[] fields = words[2].split("#");
        recorded.put(fields[0], fields[1] + " " + fields[2] + " " + fields[3]);
      }
    }
    Map<String, String> current = new TreeMap<>();
    for (Snapshot.Plugin plugin : host.snapshot().plugins()) {
      if (plugin.current().isPresent()) {
        Generation now = plugin.current().get();
        current.put(plugin.name(), now.number() + " " + now.version() + " " + stored(now.sha256()));
      }
    }
    if (!recorded.equals(current)) {
      say("wrong: the journal has " + recorded + ", and " + current + " is current");
    }
  }
}
