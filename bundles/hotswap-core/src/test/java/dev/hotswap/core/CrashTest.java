package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.core.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fails at any step of what is done to it, from the opening of the host on: what was
 * refused has not happened, what was not refused has, and a host that opens on what is left begins
 * with just that.
 */
@Timeout(300)
class CrashTest {
  @TempDir Path folder;

  /** What is done; each either throws, or answers when it has happened. */
  private static final List<Deed> DEEDS =
      List.of(
          host -> host.swapper.swap(host.jar("p", "1")),
          host -> host.swapper.swap(host.jar("p", "2"), host.jar("q", "1")),
          host -> host.swapper.swap(host.jar("q", "2")),
          host -> host.swapper.rollback("q"),
          host -> host.swapper.unload("q"),
          host -> host.swapper.swap(host.jar("p", "3")),
          host -> host.swapper.rollback("p"));

  /** What is current after each of them. */
  private static final List<Map<String, Long>> AFTER =
      List.of(
          Map.of("p", 1L),
          Map.of("p", 2L, "q", 1L),
          Map.of("p", 2L, "q", 2L),
          Map.of("p", 2L, "q", 3L),
          Map.of("p", 2L),
          Map.of("p", 3L),
          Map.of("p", 4L));

  private interface Deed {
    void on(FakeHost host) throws Exception;
  }

  @Test
  void stepThatFailsOnceRefusesAtMostOneDeed() throws Exception {
    for (int at = 1; failAt(at, Fault.ONCE); at++) {
      continue;
    }
  }

  /** As where the process dies: nothing that comes later counts. */
  @Test
  void diskThatFailsForEverRefusesWhateverComesAfter() throws Exception {
    for (int at = 1; failAt(at, Fault.FOR_EVER); at++) {
      continue;
    }
  }

  /** But files can be deleted there, and what the journal may name must not be. */
  @Test
  void diskThatIsFullRefusesWhateverComesAfter() throws Exception {
    for (int at = 1; failAt(at, Fault.FULL); at++) {
      continue;
    }
  }

  /** A machine whose disk has filled up is restarted: what was current needs none of its space. */
  @Test
  void hostThatOpensOnAFullDiskBringsUpAllThatWasCurrent() throws Exception {
    for (int at = 1; opensOnADiskThatIsFullFrom(at); at++) {
      continue;
    }
  }

  private boolean opensOnADiskThatIsFullFrom(int at) throws Exception {
    Path own = Files.createDirectory(folder.resolve(at + "-full"));
    Files.createDirectory(own.resolve("store"));
    Map<String, Long> before;
    try (FakeHost host = FakeHost.on(own, Disk.PASSING)) {
      for (Deed deed : DEEDS.subList(0, 3)) {
        deed.on(host);
      }
      before = numbers(host.swapper.snapshot());
    }
    FaultyDisk disk = new FaultyDisk(at, Fault.FOR_EVER);
    try (FakeHost next = FakeHost.on(own, disk)) {
      boolean failed = disk.hasFailed();
      assertThat(numbers(next.swapper.snapshot()))
          .as("step %d of %s", at, disk.steps)
          .isEqualTo(before);
      return failed;
    }
  }

  private boolean failAt(int at, Fault fault) throws Exception {
    Path own = Files.createDirectory(folder.resolve(at + "-" + fault));
    Files.createDirectory(own.resolve("store"));
    FaultyDisk disk = new FaultyDisk(at, fault);
    boolean goesOn = fault != Fault.ONCE;
    List<Map<String, Long>> possible = new ArrayList<>(List.of(new TreeMap<>()));
    int done = 0;
    List<Refusal> refusals = new ArrayList<>();
    try (FakeHost host = FakeHost.on(own, disk)) {
      for (Deed deed : DEEDS) {
        Map<String, Long> before = numbers(host.swapper.snapshot());
        try {
          deed.on(host);
          possible.clear();
          done++;
        } catch (SwapRefusedException e) {
          assertThat(numbers(host.swapper.snapshot())).isEqualTo(before);
          if (goesOn && refusals.isEmpty() && e.getMessage().contains("may find this done")) {
            possible.add(AFTER.get(done));
          }
          refusals.add(e.refusal());
        }
        possible.add(numbers(host.swapper.snapshot()));
        if (!goesOn) {
          assertThat(recorded(own)).isEqualTo(numbers(host.swapper.snapshot()));
        }
      }
      assertThat(refusals)
          .as("step %d of %s", at, disk.steps)
          .allMatch(CrashTest::isOfTheDisk)
          .hasSizeLessThan(goesOn ? DEEDS.size() + 1 : 3);
      if (at > 1 && !disk.hasFailed()) {
        assertThat(possible).last().isEqualTo(AFTER.get(AFTER.size() - 1));
      }
    }
    Map<String, Long> found = recorded(own);
    try (FakeHost next = FakeHost.on(own, Disk.PASSING)) {
      Map<String, Long> came = numbers(next.swapper.snapshot());
      assertThat(possible).as("step %d of %s", at, disk.steps).contains(came);
      assertThat(came).as("nothing fell back at step %d of %s", at, disk.steps).isEqualTo(found);
      assertThat(recorded(own)).isEqualTo(came);
      next.swapper.swap(next.jar("p", "4"));
      assertThat(next.name()).startsWith("p#");
    }
    return disk.hasFailed();
  }

  /** Or one that follows from it: what has not come cannot be rolled back. */
  private static boolean isOfTheDisk(Refusal refusal) {
    return refusal instanceof Refusal.NotRecorded
        || refusal instanceof Refusal.NoWayBack
        || refusal instanceof Refusal.UnknownPlugin;
  }

  private static Map<String, Long> recorded(Path folder) throws IOException {
    Map<String, Long> numbers = new TreeMap<>();
    Journal journal = Journal.open(folder.resolve("journal"), Disk.PASSING);
    journal.state().current().forEach((plugin, current) -> numbers.put(plugin, current.number()));
    return numbers;
  }

  private static Map<String, Long> numbers(Snapshot snapshot) {
    Map<String, Long> numbers = new TreeMap<>();
    for (Snapshot.Plugin plugin : snapshot.plugins()) {
      plugin.current().map(Generation::number).ifPresent(n -> numbers.put(plugin.name(), n));
    }
    return numbers;
  }
}
