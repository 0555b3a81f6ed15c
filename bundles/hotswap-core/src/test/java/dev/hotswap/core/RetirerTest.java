package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RetirerTest {
  @TempDir Path folder;
  private final World world = new World(Crew.LIMIT);
  private final FakeInstaller installer = new FakeInstaller(generation -> {});

  /** As where a discard takes longer than its limit: its thread is interrupted and given up. */
  @Test
  void discardWhoseWaitIsInterruptedTakesAwayAllTheSame() throws Exception {
    ContentStore store = new ContentStore(Files.createDirectory(folder.resolve("store")));
    Ledger ledger = new Ledger(store, InstantSource.system(), 4);
    Retirer retirer = new Retirer(world, Crew.LIMIT, ledger);
    LiveGeneration generation = ledger.begin(ledger.take(jar()), false);
    retirer.hold(generation, staged(generation));
    world.offer(generation, Greeter.class, Greeter.saying("hello"), new ServiceRank(0, 1));
    world.publish(List.of(), List.of(generation));
    try (Lease<Greeter> lease = world.handle(Greeter.class).lease()) {
      Thread.currentThread().interrupt();

      retirer.discard(1, generation);

      assertThat(Thread.interrupted()).as("kept, for what comes next").isTrue();
      assertThat(ledger.all()).as("beside %s", lease).isEmpty();
      assertThat(installer.removed).containsExactly(generation.generation());
    }
  }

  private Staged staged(LiveGeneration generation) {
    Subject subject = new Subject("greeter", Optional.empty());
    return installer.prepare(List.of(new Installer.Newcomer(generation, subject, false))).get(0);
  }

  private Path jar() throws IOException {
    Path file = folder.resolve("greeter.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "greeter");
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
    return file;
  }
}
