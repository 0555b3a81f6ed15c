package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Verdict;
import dev.hotswap.host.Host;
import dev.hotswap.host.ReceiptJson;
import dev.hotswap.itest.contract.Greeter;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** What the host says about the classes of generations that have left. */
@Timeout(180)
class LeaksIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    open(builder -> builder);
  }

  private void open(UnaryOperator<Host.Builder> settings) {
    host =
        settings
            .apply(
                Hosts.builder()
                    .standby(Duration.ZERO)
                    .startLimit(Duration.ofSeconds(3))
                    .share(Greeter.class)
                    .listener(events::add))
            .open();
    greeter = host.handle(Greeter.class);
  }

  private void reopen(UnaryOperator<Host.Builder> settings) {
    host.close();
    events.clear();
    open(settings);
  }

  @AfterEach
  void close() {
    host.close();
  }

  private Retirement swap(String version) throws Exception {
    return host.swap(PluginJar.greeter(version).in(folder))
        .awaitReclaimed(LIMIT)
        .retirement()
        .orElse(null);
  }

  /** The verdicts on those that are still there. */
  private List<Verdict> verdicts() {
    return host.leaks().collectNow(LIMIT).stream().map(Leaks.Watched::verdict).toList();
  }

  private List<Verdict> told() {
    List<Verdict> told = new ArrayList<>();
    for (SwapEvent event : events) {
      if (event instanceof SwapEvent.Judged judged) {
        told.add(judged.verdict());
      }
    }
    return told;
  }

  @Test
  void cleanSwapIsCollectedAndItsReceiptSaysSo() throws Exception {
    swap("1.0.0");
    assertThat(swap("2.0.0").verdict()).hasValue(Verdict.WATCHED);
    assertThat(verdicts()).isEmpty();
    await().untilAsserted(() -> assertThat(told()).containsExactly(Verdict.COLLECTED));
    awaitVerdict(2, Verdict.COLLECTED);
    Receipt receipt = host.receipt(2).orElseThrow();
    assertThat(ReceiptJson.write(receipt)).contains("\"verdict\":\"collected\"");
    assertThat(host.snapshot().reclaimed().count()).isEqualTo(new Leaks.Count(1, 0, 0));
    assertThat(events.get(events.size() - 1).swap()).isEqualTo(2);
  }

  @Test
  void whoeverAsksSeesWhatIsThereAndTheCounts() throws Exception {
    swap("1.0.0");
    swap("2.0.0");
    // tag::leaks
    Leaks leaks = host.leaks();
    List<Leaks.Watched> there = leaks.collectNow(Duration.ofSeconds(30)); // a pause for all threads
    Leaks.Count count = leaks.count(); // collected, held, and those it is too early to judge
    // end::leaks
    assertThat(there).isEmpty();
    assertThat(count).isEqualTo(new Leaks.Count(1, 0, 0));
  }

  @Test
  void serviceObjectThatACallerKeepsHoldsItsGenerationUntilItIsLetGo() throws Exception {
    swap("1.0.0");
    List<Greeter> kept = new ArrayList<>();
    greeter.use(kept::add);
    swap("2.0.0");
    assertThat(verdicts()).containsExactly(Verdict.HELD);
    assertThat(host.snapshot().reclaimed().of("greeter"))
        .singleElement()
        .satisfies(
            watched -> {
              assertThat(watched.generation().number()).isEqualTo(1);
              assertThat(watched.swap()).isEqualTo(2);
            });
    awaitVerdict(2, Verdict.HELD);
    kept.clear();
    assertThat(verdicts()).isEmpty();
    await()
        .untilAsserted(() -> assertThat(told()).containsExactly(Verdict.HELD, Verdict.COLLECTED));
    assertThat(host.leaks().count()).isEqualTo(new Leaks.Count(1, 1, 0));
  }

  @Test
  void exceptionOfAPluginThatACallerKeepsHoldsIt() throws Exception {
    swap("1.0.0");
    List<Throwable> kept =
        new ArrayList<>(List.of(catchThrowable(() -> greeter.use(Greeter::fail))));
    swap("2.0.0");
    assertThat(verdicts()).containsExactly(Verdict.HELD);
    kept.clear();
    assertThat(verdicts()).isEmpty();
  }

  @Test
  void cleanSwapsHoldNothing() throws Exception {
    // at the first sign; but threads of Equinox's hold what has left for a moment more
    Duration after = Hosts.areOnEquinox() ? LIMIT : Duration.ZERO;
    reopen(builder -> builder.verdictAfter(after));
    int swaps = 200;
    for (int build = 0; build <= swaps; build++) {
      swap("1.0." + build);
      greeter.use(Greeter::version);
      if (build % 20 == 19) {
        System.gc(); // some of it while swaps are under way
      }
    }
    assertThat(verdicts()).isEmpty();
    assertThat(host.leaks().count()).isEqualTo(new Leaks.Count(swaps, 0, 0));
    assertThat(told()).doesNotContain(Verdict.HELD);
  }

  @Test
  void whatStandsByIsNotWatchedUntilItIsReclaimed() throws Exception {
    reopen(builder -> builder.standby(LIMIT));
    swap("1.0.0");
    assertThat(swap("2.0.0").verdict()).isEmpty();
    assertThat(host.leaks().watched()).isEmpty();
    swap("3.0.0"); // pushes the first one out
    assertThat(host.receipt(2).orElseThrow().retirement().orElseThrow().verdict())
        .as("of the swap that it left by")
        .isPresent();
    assertThat(verdicts()).isEmpty();
    assertThat(host.leaks().count()).isEqualTo(new Leaks.Count(1, 0, 0));
  }

  @Test
  void whatOthersAreWiredToIsNotWatchedUntilTheyAreGone() throws Exception {
    host.swap(exporter("1.0.0"));
    host.swap(importer());
    assertThat(host.swap(exporter("2.0.0")).awaitReclaimed(LIMIT).retirement().orElseThrow())
        .satisfies(
            retirement -> {
              assertThat(retirement.keptBy()).isNotEmpty();
              assertThat(retirement.verdict()).isEmpty();
            });
    assertThat(host.leaks().watched()).isEmpty();
    host.unload("importer").awaitReclaimed(LIMIT);
    assertThat(verdicts()).isEmpty();
    assertThat(host.leaks().count()).isEqualTo(new Leaks.Count(2, 0, 0));
    awaitVerdict(3, Verdict.COLLECTED);
  }

  /** Receipts and listeners are told a moment later than whoever asked. */
  private void awaitVerdict(long receipt, Verdict verdict) {
    await()
        .untilAsserted(
            () ->
                assertThat(host.receipt(receipt).orElseThrow().retirement().orElseThrow().verdict())
                    .hasValue(verdict));
  }

  private Path exporter(String version) {
    return PluginJar.greeter(version)
        .header("Bundle-SymbolicName", "exporter")
        .header("Test-Ranking", "5")
        .header("Export-Package", "dev.hotswap.itest.plugins;version=\"" + version + '"')
        .in(folder);
  }

  /** Has no such classes of its own, and cannot be wired to the next generation. */
  private Path importer() {
    return PluginJar.named("importer", "1.0.0")
        .header("Bundle-Activator", "dev.hotswap.itest.plugins.GreeterActivator")
        .header(
            "Import-Package",
            "org.osgi.framework,dev.hotswap.itest.contract,"
                + "dev.hotswap.itest.plugins;version=\"[1,2)\"")
        .in(folder);
  }

  @Test
  void whatSomebodyElseUninstalledIsWatchedToo() throws Exception {
    swap("1.0.0");
    bundle("greeter").uninstall();
    await().until(() -> told().size() + host.leaks().watched().size() == 1);
    assertThat(verdicts()).isEmpty();
    await().untilAsserted(() -> assertThat(told()).containsExactly(Verdict.COLLECTED));
  }

  private Bundle bundle(String name) {
    for (Bundle bundle : host.bundleContext().getBundles()) {
      if (name.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    throw new AssertionError("there is no bundle " + name);
  }

  @Test
  void aDumpThatSomebodyKeepsLiesInTheDataFolderForThisUserOnly() throws Exception {
    Path data = folder.resolve("data");
    reopen(builder -> builder.data(data));
    swap("1.0.0");
    List<Greeter> kept = new ArrayList<>();
    greeter.use(kept::add);
    swap("2.0.0");
    Path dump = host.leaks().whyAndKeep(Optional.of("greeter")).orElseThrow();
    assertThat(dump).exists().hasFileName("heap.hprof");
    assertThat(dump.getParent().getParent()).isEqualTo(data.resolve("heap").toAbsolutePath());
    assertThat(Files.getPosixFilePermissions(data.resolve("heap")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(host.leaks().watched().get(0).path().orElseThrow().steps()).isNotEmpty();
    assertThat(kept).hasSize(1); // and holds it until here
  }

  @Test
  void pathsThatAWalkFindsAreToldAndListed() throws Exception {
    reopen(builder -> builder.heapWalk(new FoundByTheTest()));
    swap("1.0.0");
    List<Greeter> kept = new ArrayList<>();
    greeter.use(kept::add);
    swap("2.0.0");
    List<HoldingPath> paths = host.leaks().why(Optional.of("greeter"));
    assertThat(paths).hasSize(1);
    assertThat(host.leaks().watched().get(0).path()).hasValue(paths.get(0));
    assertThat(events)
        .filteredOn(SwapEvent.PathFound.class::isInstance)
        .singleElement()
        .extracting(event -> ((SwapEvent.PathFound) event).path())
        .isEqualTo(paths.get(0));
    assertThat(told()).as("of %s", kept).containsExactly(Verdict.HELD);
  }

  private static final class FoundByTheTest implements HeapWalk {
    @Override
    public Estimate estimate() {
      return new Estimate(1, Duration.ZERO, Duration.ZERO);
    }

    @Override
    public List<HoldingPath> walk(Map<Generation, WeakReference<ClassLoader>> loaders) {
      return loaders.keySet().stream()
          .map(each -> new HoldingPath(each, Verdict.HELD, "a list", List.of("[0]"), "clear it"))
          .toList();
    }
  }

  /** Whatever a plugin threw has become text in what the host hands out. */
  @Test
  void eventsReceiptsRefusalsAndLogRecordsHoldNothingOfAPlugin() throws Exception {
    List<Object> kept = new ArrayList<>();
    List<LogRecord> records = new CopyOnWriteArrayList<>();
    Handler handler = keeping(records);
    Logger.getLogger("").addHandler(handler);
    System.getProperties().put("test.release", new CountDownLatch(1));
    try {
      swap("1.0.0");
      kept.add(refusal(Refusal.StartFailed.class, failing("ThrowingActivator", "PluginException")));
      kept.add(refusal(Refusal.StartOverdue.class, failing("HangingActivator")));
      kept.add(refusal(Refusal.NoContractService.class, failing("IdleActivator")));
      kept.add(refusal(Refusal.NoContractService.class, failing("StrangerActivator")));
      kept.add(refusal(Refusal.WarmUpFailed.class, PluginJar.warmGreeter("2.0.0", "throws")));
      assertThat(catchThrowable(() -> greeter.use(Greeter::fail))).isNotNull();
      kept.add(host.unload("greeter").awaitReclaimed(LIMIT));
      kept.addAll(host.receipts());
    } finally {
      Logger.getLogger("").removeHandler(handler);
      System.getProperties().remove("test.release");
    }
    assertThat(verdicts()).as("beside %s, %s and %s", kept, records, events).isEmpty();
    assertThat(host.leaks().count().held()).isZero();
    assertThat(host.leaks().count().collected()).isEqualTo(6);
  }

  private Throwable refusal(Class<? extends Refusal> kind, PluginJar jar) {
    Throwable refused = catchThrowable(() -> host.swap(jar.in(folder)));
    assertThat(((SwapRefusedException) refused).refusal()).isInstanceOf(kind);
    return refused;
  }

  private static PluginJar failing(String activator, String... classes) {
    return PluginJar.named("greeter", "2.0.0").activator(activator).classes(classes);
  }

  private static Handler keeping(List<LogRecord> records) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        records.add(line);
      }

      @Override
      public void flush() {
        // nothing is buffered
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }
}
