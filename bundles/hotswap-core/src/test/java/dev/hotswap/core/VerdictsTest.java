package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HeapWalkException;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Leftovers;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Timings;
import dev.hotswap.api.Verdict;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may be said of a generation that is still there, and what may not. */
@Timeout(60)
class VerdictsTest {
  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final Leftover DRIVER =
      new Leftover(Leftover.Kind.JDBC_DRIVER, "JDBC driver acme.Driver", true, "deregister it");

  @TempDir Path folder;
  private final FakeJvm jvm = new FakeJvm();
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private final Generation first = new Generation("p", 1, "1", "x");
  private final Generation second = new Generation("p", 2, "2", "y");
  private ClassLoader kept = new ClassLoader() {};
  private Ledger ledger;
  private Verdicts verdicts;

  @BeforeEach
  void open() throws Exception {
    ContentStore store = new ContentStore(Files.createDirectory(folder.resolve("store")));
    ledger = new Ledger(store, InstantSource.fixed(Instant.EPOCH), 4);
    ledger.events().subscribe(events::add);
    open(VerdictSettings.DEFAULT.withAfter(PATIENCE), Aftercare.NONE);
  }

  private void open(VerdictSettings settings, Aftercare aftercare) {
    verdicts = new Verdicts(ledger, settings, aftercare, jvm);
  }

  @AfterEach
  void close() {
    verdicts.close();
    jvm.close();
  }

  private void watch(Generation generation) {
    verdicts.watch(7, generation, new WeakReference<>(kept));
  }

  /** Returns when the verdicts have taken note of it, and have let go the next one if they do. */
  private void unload(boolean another) {
    await().until(jvm::tryUnload);
    if (another) {
      await().until(jvm::isOut);
    }
  }

  private Verdict verdict(Generation generation) {
    return verdicts.watched().stream()
        .filter(each -> each.generation().equals(generation))
        .map(Leaks.Watched::verdict)
        .findFirst()
        .orElse(Verdict.COLLECTED);
  }

  private void awaitVerdict(Generation generation, Verdict verdict) {
    await().until(() -> verdict(generation) == verdict);
  }

  private Stream<Verdict> told() {
    return events.stream()
        .filter(SwapEvent.Judged.class::isInstance)
        .map(event -> ((SwapEvent.Judged) event).verdict());
  }

  private void letGo() {
    kept = null;
    await()
        .until(
            () -> {
              System.gc();
              return verdicts.watched().isEmpty();
            });
  }

  @Test
  void whatOutlivesTwoCanariesOneAfterTheOtherIsHeld() {
    watch(first);
    jvm.pass(PATIENCE);
    unload(true);
    unload(false);
    awaitVerdict(first, Verdict.HELD);
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(0, 1, 0));
    await().untilAsserted(() -> assertThat(told()).containsExactly(Verdict.HELD));
    SwapEvent.Judged event = (SwapEvent.Judged) events.get(0);
    assertThat(event.swap()).isEqualTo(7);
    assertThat(event.after()).isEqualTo(PATIENCE);
    assertThat(jvm.isOut()).as("canaries when there is nothing to judge").isFalse();
  }

  /** The collection may have caught the last thread that used it on its way out. */
  @Test
  void oneCanaryProvesNothing() {
    watch(first);
    jvm.pass(PATIENCE);
    unload(true);
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
  }

  /** As where there are collections of the young generation only. */
  @Test
  void timeProvesNothing() {
    watch(first);
    jvm.pass(Duration.ofDays(100));
    watch(second); // has it look
    await().until(() -> jvm.canaries() == 1);
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
    assertThat(jvm.collections).isEmpty();
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(0, 0, 2));
  }

  @Test
  void canariesProveNothingBeforeItsTimeIsOver() {
    watch(first);
    unload(true);
    unload(true); // it goes on looking
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
    jvm.pass(PATIENCE); // and comes back by itself
    awaitVerdict(first, Verdict.HELD);
  }

  /** It may be older than the last reference to the generation. */
  @Test
  void aCanaryThatWasOutBeforeSaysNothingAboutIt() {
    watch(first);
    watch(second);
    jvm.pass(PATIENCE);
    unload(true);
    unload(true);
    awaitVerdict(first, Verdict.HELD);
    assertThat(verdict(second)).isEqualTo(Verdict.WATCHED);
    unload(false);
    awaitVerdict(second, Verdict.HELD);
    assertThat(jvm.canaries()).as("for both").isEqualTo(3);
  }

  @Test
  void whatIsCollectedIsToldAndForgottenAndTheThreadEnds() {
    watch(first);
    letGo();
    await().untilAsserted(() -> assertThat(told()).containsExactly(Verdict.COLLECTED));
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(1, 0, 0));
    await().until(() -> threads() == 0);
    kept = new ClassLoader() {};
    watch(second);
    assertThat(jvm.threads).containsExactly("hotswap-verdicts", "hotswap-verdicts");
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("hotswap-verdicts"))
        .count();
  }

  @Test
  void whatIsGoneBeforeItIsWatchedIsCollected() {
    WeakReference<ClassLoader> gone = new WeakReference<>(kept);
    gone.clear();
    verdicts.watch(7, first, gone);
    await().untilAsserted(() -> assertThat(told()).containsExactly(Verdict.COLLECTED));
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(1, 0, 0));
  }

  @Test
  void whatWasHeldMayBeCollectedLaterAndStaysCounted() {
    watch(first);
    jvm.pass(PATIENCE);
    unload(true);
    unload(false);
    awaitVerdict(first, Verdict.HELD);
    letGo();
    await()
        .untilAsserted(() -> assertThat(told()).containsExactly(Verdict.HELD, Verdict.COLLECTED));
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(1, 1, 0));
  }

  /** A finalizer of the plugin's sees it once more; until that has run it is neither. */
  @Test
  void whatOnlyFinalizersReachIsNotHeld() {
    open(
        VerdictSettings.DEFAULT.withAfter(PATIENCE),
        new Aftercare(
            Leftovers.NONE,
            () ->
                Optional.of(
                    walk(
                        loaders -> {
                          loaders.values().forEach(WeakReference::clear); // as collections do
                          return List.of();
                        }))));
    watch(first);
    verdicts.why(Optional.empty());
    jvm.pass(PATIENCE);
    unload(true);
    unload(true);
    unload(true);
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
  }

  private interface Answers {
    List<HoldingPath> to(Map<Generation, WeakReference<ClassLoader>> loaders);
  }

  private static HeapWalk walk(Answers answers) {
    return new HeapWalk() {
      @Override
      public Estimate estimate() {
        return new Estimate(1, Duration.ofMillis(2), Duration.ofMillis(3));
      }

      @Override
      public List<HoldingPath> walk(Map<Generation, WeakReference<ClassLoader>> loaders) {
        return answers.to(loaders);
      }
    };
  }

  private static List<HoldingPath> paths(
      Map<Generation, WeakReference<ClassLoader>> loaders, Verdict verdict) {
    return loaders.keySet().stream()
        .map(each -> new HoldingPath(each, verdict, "thread a", List.of("field b"), "end it"))
        .toList();
  }

  private void openWithWalk(Verdict verdict) {
    open(
        VerdictSettings.DEFAULT.withAfter(PATIENCE),
        new Aftercare(Leftovers.NONE, () -> Optional.of(walk(loaders -> paths(loaders, verdict)))));
    watch(first);
    jvm.pass(PATIENCE);
    unload(true);
    unload(false);
    awaitVerdict(first, Verdict.HELD);
  }

  /** As where the class data of a hidden class keeps it, which is in no dump. */
  @Test
  void whatIsProvedToBeHeldStaysHeldWhereAWalkFindsNoPath() {
    openWithWalk(Verdict.WATCHED);
    List<HoldingPath> paths = verdicts.why(Optional.of("p"));
    assertThat(verdict(first)).isEqualTo(Verdict.HELD);
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(0, 1, 0));
    assertThat(verdicts.watched().get(0).path()).hasValue(paths.get(0));
    assertThat(events).last().isInstanceOf(SwapEvent.PathFound.class);
    assertThat(told()).containsExactly(Verdict.HELD);
  }

  @Test
  void aWalkThatFindsNoPathLeavesTheVerdictToCanaries() {
    open(
        VerdictSettings.DEFAULT.withAfter(PATIENCE),
        new Aftercare(
            Leftovers.NONE, () -> Optional.of(walk(loaders -> paths(loaders, Verdict.WATCHED)))));
    watch(first);
    verdicts.why(Optional.of("p"));
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
    jvm.pass(PATIENCE);
    unload(true); // was out before the walk
    unload(true);
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
    unload(false);
    awaitVerdict(first, Verdict.HELD);
  }

  @Test
  void oneThatIsJudgedAnewHidesNobodyWatchedAfterIt() {
    open(
        VerdictSettings.DEFAULT.withAfter(PATIENCE),
        new Aftercare(
            Leftovers.NONE, () -> Optional.of(walk(loaders -> paths(loaders, Verdict.WATCHED)))));
    Generation other = new Generation("q", 1, "1", "z");
    watch(first);
    jvm.pass(Duration.ofMillis(1));
    watch(other);
    jvm.pass(PATIENCE);
    unload(true);
    verdicts.why(Optional.of("p")); // from here on two canaries count for it
    unload(true);
    unload(true);
    awaitVerdict(other, Verdict.HELD);
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
    assertThat(verdicts.watched())
        .as("oldest first")
        .extracting(Leaks.Watched::generation)
        .containsExactly(first, other);
  }

  @Test
  void whatWasHeldSoftlyIsJudgedAnewOnceAWalkFindsNoPathAnyMore() {
    Deque<Verdict> answers = new ArrayDeque<>(List.of(Verdict.SOFTLY_HELD, Verdict.WATCHED));
    open(
        VerdictSettings.DEFAULT.withAfter(PATIENCE),
        new Aftercare(
            Leftovers.NONE, () -> Optional.of(walk(loaders -> paths(loaders, answers.remove())))));
    watch(first);
    verdicts.why(Optional.of("p"));
    jvm.pass(PATIENCE);
    unload(false);
    assertThat(jvm.isOut()).as("canaries when there is nothing to judge").isFalse();
    verdicts.why(Optional.of("p"));
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
    await().until(jvm::isOut);
    unload(true);
    unload(false);
    awaitVerdict(first, Verdict.HELD);
    assertThat(told()).containsExactly(Verdict.SOFTLY_HELD, Verdict.HELD);
  }

  @Test
  void whatIsHeldSoftlyOnlyIsNoLeak() {
    openWithWalk(Verdict.SOFTLY_HELD);
    verdicts.why(Optional.empty());
    verdicts.why(Optional.empty());
    assertThat(verdict(first)).isEqualTo(Verdict.SOFTLY_HELD);
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(0, 0, 0));
    assertThat(told()).containsExactly(Verdict.HELD, Verdict.SOFTLY_HELD);
  }

  @Test
  void whatAWalkFindsBeforeCanariesDoIsHeld() {
    open(
        VerdictSettings.DEFAULT,
        new Aftercare(
            Leftovers.NONE, () -> Optional.of(walk(loaders -> paths(loaders, Verdict.HELD)))));
    watch(first);
    assertThat(verdicts.why(Optional.of("another"))).isEmpty();
    assertThat(verdict(first)).isEqualTo(Verdict.WATCHED);
    verdicts.why(Optional.of("p"));
    assertThat(verdicts.count()).isEqualTo(new Leaks.Count(0, 1, 0));
    assertThat(told()).containsExactly(Verdict.HELD);
    assertThat(verdicts.estimate()).isPresent();
  }

  @Test
  void whatAWalkThatKeepsItsDumpFindsCountsTooAndItIsSaidWhereTheDumpIs() {
    Path dump = folder.resolve("heap.hprof");
    open(
        VerdictSettings.DEFAULT,
        new Aftercare(
            Leftovers.NONE,
            () ->
                Optional.of(
                    new HeapWalk() {
                      @Override
                      public Estimate estimate() {
                        throw new AssertionError("nobody asked");
                      }

                      @Override
                      public List<HoldingPath> walk(
                          Map<Generation, WeakReference<ClassLoader>> loaders) {
                        throw new AssertionError("that would keep nothing");
                      }

                      @Override
                      public Kept walkAndKeep(Map<Generation, WeakReference<ClassLoader>> loaders) {
                        return new Kept(paths(loaders, Verdict.HELD), Optional.of(dump));
                      }
                    })));
    watch(first);
    assertThat(verdicts.whyAndKeep(Optional.of("another"))).isEmpty();
    assertThat(verdicts.whyAndKeep(Optional.of("p"))).hasValue(dump);
    assertThat(verdict(first)).isEqualTo(Verdict.HELD);
  }

  @Test
  void aWalkThatKeepsNoDumpsSaysSo() {
    open(
        VerdictSettings.DEFAULT,
        new Aftercare(
            Leftovers.NONE, () -> Optional.of(walk(loaders -> paths(loaders, Verdict.HELD)))));
    watch(first);
    assertThatThrownBy(() -> verdicts.whyAndKeep(Optional.empty()))
        .isInstanceOf(HeapWalkException.class)
        .hasMessageContaining("keeps no dumps");
  }

  @Test
  void whereNothingCanWalkTheHeapThatIsSaid() {
    watch(first);
    assertThat(verdicts.estimate()).isEmpty();
    assertThatThrownBy(() -> verdicts.why(Optional.empty()))
        .isInstanceOf(HeapWalkException.class)
        .hasMessageContaining("cannot walk its heap");
  }

  @Test
  void theHeapIsWalkedOnceForEachPluginWhereThatIsWanted() {
    AtomicInteger walks = new AtomicInteger();
    open(
        VerdictSettings.DEFAULT.withAfter(PATIENCE).withWhyOnce(true),
        new Aftercare(
            Leftovers.NONE,
            () ->
                Optional.of(
                    walk(
                        loaders -> {
                          walks.incrementAndGet();
                          return paths(loaders, Verdict.HELD);
                        }))));
    watch(first);
    watch(new Generation("another", 1, "1", "z"));
    jvm.pass(PATIENCE);
    unload(true);
    unload(true);
    await().until(() -> walks.get() == 1);
    watch(second);
    jvm.pass(PATIENCE);
    for (int i = 0; i < 3; i++) {
      unload(i < 2);
    }
    awaitVerdict(second, Verdict.HELD);
    await().until(() -> walks.get() == 2);
    await().until(() -> told().count() == 3);
    assertThat(jvm.threads).filteredOn("hotswap-why"::equals).hasSize(2);
  }

  @Test
  void collectionsAreAskedForOnlyWhereThatIsWantedAndOnceInAWhileForAll() {
    Duration second = Duration.ofSeconds(1);
    open(VerdictSettings.DEFAULT.withAfter(second).withGc(true), Aftercare.NONE);
    watch(first);
    assertThat(jvm.collections).isEmpty();
    jvm.pass(second);
    watch(this.second); // has it look
    await().untilAsserted(() -> assertThat(jvm.collections).containsExactly(second));
    unload(true);
    jvm.pass(second.dividedBy(2));
    watch(new Generation("another", 1, "1", "z"));
    await().until(() -> verdicts.watched().size() == 3);
    jvm.pass(second.dividedBy(2));
    await()
        .untilAsserted(
            () -> assertThat(jvm.collections).containsExactly(second, second.multipliedBy(2)));
  }

  @Test
  void whoeverAsksHasTheJvmCollectUntilItIsKnown() {
    open(VerdictSettings.DEFAULT, Aftercare.NONE); // a minute
    watch(first);
    jvm.pass(Duration.ofSeconds(1));
    jvm.collection = jvm::tryUnload;
    assertThat(verdicts.collectNow(Duration.ofSeconds(30)))
        .singleElement()
        .extracting(Leaks.Watched::verdict)
        .isEqualTo(Verdict.HELD);
    assertThat(jvm.collections).hasSizeBetween(3, 4); // one was out before
  }

  @Test
  void aJvmThatDoesNotListenIsAskedUntilTheLimit() {
    watch(first);
    jvm.collection = () -> jvm.pass(Duration.ofMillis(400));
    assertThat(verdicts.collectNow(Duration.ofSeconds(1)))
        .singleElement()
        .extracting(Leaks.Watched::verdict)
        .isEqualTo(Verdict.WATCHED);
    assertThat(jvm.collections).hasSize(3);
  }

  @Test
  void nothingIsCollectedForNothing() {
    assertThat(verdicts.collectNow(Duration.ofSeconds(30))).isEmpty();
    assertThat(jvm.collections).isEmpty();
  }

  @Test
  void whoeverIsInterruptedGetsWhatIsKnown() {
    watch(first);
    Thread.currentThread().interrupt();
    assertThat(verdicts.collectNow(Duration.ofSeconds(30))).hasSize(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aThreadThatCouldNotBeHadIsAskedForAgain() {
    jvm.hasThreads = false;
    watch(first);
    jvm.hasThreads = true;
    watch(second);
    jvm.pass(PATIENCE);
    unload(true);
    unload(true);
    awaitVerdict(first, Verdict.HELD);
  }

  @Test
  void whatWasLeftBehindIsInTheEventTheReceiptAndTheList() {
    open(VerdictSettings.DEFAULT, new Aftercare(loader -> List.of(DRIVER), Optional::empty));
    ledger.receipts().keep(receipt(), 1).retired(retirement());
    watch(first);
    assertThat(events).containsExactly(new SwapEvent.LeftBehind(3, Instant.EPOCH, first, DRIVER));
    assertThat(verdicts.watched().get(0).leftovers()).containsExactly(DRIVER);
    assertThat(verdicts.watched().get(0).swap()).as("by which it left").isEqualTo(3);
    Retirement noted = ledger.receipts().of(3).orElseThrow().retirement().orElseThrow();
    assertThat(noted.leftovers()).containsExactly(DRIVER);
    assertThat(noted.verdict()).hasValue(Verdict.WATCHED);
    letGo();
    await()
        .until(
            () -> ledger.receipts().of(3).orElseThrow().retirement().orElseThrow().verdict(),
            Optional.of(Verdict.COLLECTED)::equals);
  }

  @Test
  void troubleWhileTakingBackKeepsNobodyFromWatching() {
    open(
        VerdictSettings.DEFAULT,
        new Aftercare(
            loader -> {
              throw new AssertionError("a plugin's own");
            },
            Optional::empty));
    watch(first);
    assertThat(verdicts.watched()).hasSize(1);
    assertThat(events).isEmpty();
  }

  @Test
  void nothingIsWatchedWhenTheHostCloses() {
    watch(first);
    verdicts.close();
    watch(second);
    assertThat(verdicts.watched()).isEmpty();
    await().until(() -> threads() == 0);
  }

  private Receipt receipt() {
    Receipt.Change change =
        new Receipt.Change(
            "p", Optional.of(first), Optional.of(second), List.of(), Optional.empty());
    Duration zero = Duration.ZERO;
    return new Receipt(
        3,
        new Receipt.Request(Receipt.Verb.SWAP, Asked.here(), Instant.EPOCH, List.of()),
        Mode.SIDE_BY_SIDE,
        Optional.empty(),
        Receipt.Outcome.SWAPPED,
        Optional.empty(),
        List.of(change),
        new Timings(zero, zero, zero, zero, zero, zero, zero, zero),
        zero);
  }

  private Retirement retirement() {
    return new Retirement(
        first, Calls.NONE, 0, Duration.ZERO, List.of(), Duration.ZERO, List.of(), List.of());
  }
}
