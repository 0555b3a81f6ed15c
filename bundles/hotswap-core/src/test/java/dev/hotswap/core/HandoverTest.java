package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.StateKeeper;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Swaps for which callers are held, on a framework that does as the test says. */
@Timeout(60)
class HandoverTest {
  private static final Duration START_LIMIT = Duration.ofMillis(1000);

  @TempDir Path folder;
  private World world;
  private Handle<Counter> counter;
  private final Map<String, Consumer<LiveGeneration>> starts = new ConcurrentHashMap<>();
  private final Map<String, Consumer<LiveGeneration>> stops = new ConcurrentHashMap<>();
  private final Map<String, Consumer<Object>> gives = new ConcurrentHashMap<>();
  private final Map<String, Consumer<Object>> takes = new ConcurrentHashMap<>();
  private final AtomicLong serviceIds = new AtomicLong();
  private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);
  private final List<LiveGeneration> relays = new CopyOnWriteArrayList<>();
  private final FaultyDisk disk = new FaultyDisk(0, FaultyDisk.Fault.ONCE);
  private final AtomicReference<Runnable> whileRelaying = new AtomicReference<>();
  private final AtomicReference<Class<?>> foreign = new AtomicReference<>();
  private FakeInstaller installer;
  private PluginSwapper swapper;
  private Kind kind = Kind.EXCLUSIVE;

  /** The contract. */
  interface Counter {
    long count();

    String name();
  }

  /** The contract of a plugin that uses it. */
  interface Relay {
    String relay();
  }

  /** Calls the counter from inside a call, and keeps state of its own. */
  private final class Relaying implements Relay, StateKeeper {
    private final Generation generation;

    Relaying(Generation generation) {
      this.generation = generation;
    }

    @Override
    public String relay() {
      Runnable deed = whileRelaying.getAndSet(null);
      if (deed != null) {
        deed.run();
      }
      return generation.version()
          + counter.with(count -> count.count() < 0 ? "" : versionOf(count));
    }

    private String versionOf(Counter count) {
      return count.name().substring(count.name().indexOf('#'));
    }

    @Override
    public Object giveState() {
      return "none";
    }

    @Override
    public void takeState(Object state, String fromVersion) {
      assertThat(state).isEqualTo("none");
    }
  }

  /** Its state. */
  record Count(long calls) {}

  /** A service that counts, and gives and takes its count. */
  private final class Counting implements Counter, StateKeeper {
    private final AtomicLong counts = new AtomicLong();
    private final Generation generation;

    Counting(Generation generation) {
      this.generation = generation;
    }

    @Override
    public long count() {
      return counts.incrementAndGet();
    }

    @Override
    public String name() {
      return generation.id();
    }

    @Override
    public Object giveState() {
      gives.getOrDefault(generation.version(), state -> {}).accept(counts.get());
      return counts.get() < 0 ? null : new Count(counts.get());
    }

    @Override
    public void takeState(Object state, String fromVersion) {
      takes.getOrDefault(generation.version(), given -> {}).accept(state);
      counts.set(((Count) state).calls());
    }
  }

  /** Why callers are held. */
  enum Kind {
    EXCLUSIVE(true, false, false),
    STATE(false, false, true),
    EXCLUSIVE_STATE(true, false, true),
    /** Somebody stays inside the old one, which is taken away all the same. */
    FORCED(true, true, false),
    FORCED_STATE(true, true, true);

    private final boolean alone;
    private final boolean forced;
    private final boolean state;

    Kind(boolean alone, boolean forced, boolean state) {
      this.alone = alone;
      this.forced = forced;
      this.state = state;
    }

    SwapOptions options() {
      return forced
          ? SwapOptions.NONE
              .withDrainDeadline(Duration.ofMillis(20))
              .withOnDeadline(DeadlinePolicy.FORCE)
          : SwapOptions.NONE;
    }
  }

  /** What goes wrong with version 2, or with version 1 on its way out. */
  enum Fault {
    NONE(""),
    OLD_STOP_THROWS("the port is stuck"),
    OLD_STOP_HANGS("was still stopping"),
    NEW_DOES_NOT_RESOLVE("nothing exports text.api"),
    NEW_START_THROWS("no such device"),
    NEW_START_HANGS("it was still starting after"),
    NEW_OFFERS_NOTHING("it registers no service"),
    PUBLISH_REFUSED("it registers no service"),
    NOT_RECORDED("the journal cannot be written"),
    PROBE_FAILS("is code of p generation 1"),
    DRAIN_OVERDUE("did not end within"),
    GIVE_THROWS("did not give its state: java.lang.IllegalStateException: not now"),
    GIVE_HANGS("did not give its state: it took longer"),
    STATE_IS_FOREIGN(
        "an object of dev.hotswap.core.HandoverTest$Count, which is code of p generation 1"),
    TAKE_THROWS("did not take the state of 1 over: java.lang.IllegalStateException: not mine"),
    TAKE_HANGS("did not take the state of 1 over: it took longer");

    private final String reason;

    Fault(String reason) {
      this.reason = reason;
    }

    boolean isOfStop() {
      return this == OLD_STOP_THROWS || this == OLD_STOP_HANGS;
    }

    boolean isOfWhatIsWaitedFor() {
      return isOfStop() || this == DRAIN_OVERDUE;
    }

    boolean isBeforeTheHoldWhereBothRun() {
      return ordinal() >= NEW_DOES_NOT_RESOLVE.ordinal()
          && ordinal() <= NEW_OFFERS_NOTHING.ordinal();
    }

    boolean isOfGiving() {
      return this == GIVE_THROWS || this == GIVE_HANGS || this == STATE_IS_FOREIGN;
    }

    boolean isOfState() {
      return ordinal() >= GIVE_THROWS.ordinal();
    }
  }

  static Stream<Arguments> kindsAndFaults() {
    List<Arguments> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Fault fault : Fault.values()) {
        boolean waits =
            kind.forced ? !fault.isOfWhatIsWaitedFor() : kind.alone || !fault.isOfStop();
        if (waits && (kind.state || !fault.isOfState())) {
          all.add(Arguments.of(kind, fault));
        }
      }
    }
    return all.stream();
  }

  @BeforeEach
  void open() throws IOException {
    installer =
        new FakeInstaller(this::start) {
          @Override
          public Optional<Generation> definedBy(Class<?> type) {
            boolean named = foreign.get() == type;
            return type == Relaying.class
                ? relay()
                : named ? Optional.of(new Generation("p", 1, "1", "x")) : Optional.empty();
          }
        };
    installer.stop = this::stop;
    open(Duration.ofSeconds(4), START_LIMIT);
  }

  /** Whose code it is now: each generation would have a class of its own. */
  private Optional<Generation> relay() {
    return relays.stream()
        .filter(LiveGeneration::isCurrent)
        .findFirst()
        .or(() -> relays.stream().filter(live -> live.stage() == Stage.DRAINING).findFirst())
        .map(LiveGeneration::generation);
  }

  private void open(Duration availability, Duration startLimit) throws IOException {
    world = new World(availability);
    counter = world.handle(Counter.class);
    SwapSettings settings =
        SwapSettings.DEFAULT
            .withAvailability(availability)
            .withStartLimit(startLimit)
            .withStandby(Duration.ofMinutes(1));
    Path data = Files.createTempDirectory(folder, "data");
    Journal journal = Journal.open(data.resolve("journal"), disk);
    ContentStore store = new ContentStore(data.resolve("store"), disk, journal);
    swapper = new PluginSwapper(world, installer, store, settings, InstantSource.system());
    swapper.subscribe(events::add);
  }

  @AfterEach
  void close() {
    never.countDown();
    swapper.close();
  }

  private void start(LiveGeneration generation) {
    starts.getOrDefault(generation.generation().version(), this::offer).accept(generation);
  }

  private void offer(LiveGeneration generation) {
    ServiceRank rank = new ServiceRank(0, serviceIds.incrementAndGet());
    if (generation.generation().plugin().equals("relay")) {
      relays.add(generation);
      world.offer(generation, Relay.class, new Relaying(generation.generation()), rank);
      return;
    }
    world.offer(generation, Counter.class, new Counting(generation.generation()), rank);
  }

  /** As a framework does: services go when the bundle's own stop has come back. */
  private void stop(LiveGeneration generation) {
    try {
      stops.getOrDefault(generation.generation().version(), live -> {}).accept(generation);
    } finally {
      world.withdraw(generation, Duration.ZERO);
    }
  }

  private void become(Kind chosen) {
    kind = chosen;
    installer.alone = kind.alone ? Optional.of("it has the port") : Optional.empty();
  }

  private Path jar(String version) {
    return jar("p", version, kind.state);
  }

  private Path jar(String plugin, String version, boolean keepsState) {
    Path file = folder.resolve(plugin + "-" + version + ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", plugin);
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    if (keepsState) {
      manifest.getMainAttributes().putValue("Keeps-State", "yes");
    }
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SwapRefusedException refused(SwapOptions options, Path jar) {
    return catchThrowableOfType(SwapRefusedException.class, () -> swapper.swap(options, jar));
  }

  private SwapRefusedException refused(Path jar) {
    return refused(SwapOptions.NONE, jar);
  }

  /** Threads that count until they are told to stop. */
  private final class Load implements AutoCloseable {
    private final AtomicLong calls = new AtomicLong();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load() {
      for (int i = 0; i < 3; i++) {
        Thread thread = new Thread(this::run, "caller-" + i);
        threads.add(thread);
        thread.start();
      }
    }

    private void run() {
      while (!stopped) {
        try {
          counter.with(Counter::count);
          calls.incrementAndGet();
        } catch (RuntimeException e) {
          failures.add(e.toString());
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
      }
    }

    /** Waits until callers are answered who came after this was asked. */
    void awaitAnswers() {
      long now = calls.get();
      await().atMost(Crew.LIMIT).until(() -> calls.get() > now + 10);
    }

    @Override
    public void close() {
      stopped = true;
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  private void inject(Fault fault) {
    Consumer<Object> hang = state -> awaitNever();
    switch (fault) {
      case OLD_STOP_THROWS -> stops.put("1", live -> fail("the port is stuck"));
      case OLD_STOP_HANGS -> stops.put("1", live -> awaitNever());
      case NEW_DOES_NOT_RESOLVE -> starts.put("2", HandoverTest::failToResolve);
      case NEW_START_THROWS -> starts.put("2", this::failToStart);
      case NEW_START_HANGS -> starts.put("2", live -> awaitNever());
      case NEW_OFFERS_NOTHING -> starts.put("2", live -> {});
      case PUBLISH_REFUSED -> onStaged("2", live -> world.withdraw(live, Duration.ZERO));
      case NOT_RECORDED -> onStaged("2", live -> disk.failNext());
      case PROBE_FAILS -> onPublished(() -> foreign.set(Counting.class));
      case GIVE_THROWS -> gives.put("1", state -> fail("not now"));
      case GIVE_HANGS -> gives.put("1", hang);
      case STATE_IS_FOREIGN -> foreign.set(Count.class);
      case TAKE_THROWS -> takes.put("2", state -> fail("not mine"));
      case TAKE_HANGS -> takes.put("2", hang);
      default -> {}
    }
  }

  private void awaitNever() {
    try {
      never.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted");
    }
  }

  /** As a framework puts it, where somebody has taken away what it was wired to. */
  private static void failToResolve(LiveGeneration generation) {
    Optional<Generation> stands = Optional.of(new Generation("p", 1, "1", "x"));
    throw new SwapRefusedException(
        new Refusal.Unresolvable("p 2", List.of("nothing exports text.api"), stands));
  }

  /** As a framework puts it. */
  private void failToStart(LiveGeneration generation) {
    Optional<Generation> stands = Optional.of(new Generation("p", 1, "1", "x"));
    throw new SwapRefusedException(new Refusal.StartFailed("p 2", "no such device", stands));
  }

  private static void fail(String words) {
    throw new IllegalStateException(words);
  }

  /** Behind the swap's back, when a generation is up. */
  private void onStaged(String version, Consumer<LiveGeneration> deed) {
    List<LiveGeneration> up = new CopyOnWriteArrayList<>();
    starts.put(
        version,
        live -> {
          up.add(live);
          offer(live);
        });
    AtomicBoolean done = new AtomicBoolean();
    if (kind.state) { // the last that is asked of it is to take the state
      takes.put(version, state -> deed.accept(up.get(0)));
      return;
    }
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.Staged
              && !up.isEmpty()
              && done.compareAndSet(false, true)) {
            deed.accept(up.get(0));
          }
        });
  }

  private void onPublished(Runnable deed) {
    AtomicBoolean done = new AtomicBoolean();
    swapper.subscribe(
        event -> {
          if (event instanceof SwapEvent.Published && done.compareAndSet(false, true)) {
            deed.run();
          }
        });
  }

  private void clearFaults() {
    starts.clear();
    stops.clear();
    gives.clear();
    takes.clear();
    foreign.set(null);
  }

  @ParameterizedTest
  @MethodSource("kindsAndFaults")
  void whateverFailsNoCallDoesAndNoUpdateIsLost(Kind chosen, Fault fault) throws Exception {
    become(chosen);
    swapper.swap(jar("1"));
    inject(fault);
    Load load = new Load();
    Optional<Lease<Counter>> stuck = kind.forced ? Optional.of(counter.lease()) : Optional.empty();
    try (load) {
      load.awaitAnswers();
      if (fault.reason.isEmpty()) {
        assertThat(swapper.swap(kind.options(), jar("2")).receipt().longestHold()).isPositive();
      } else {
        assertRefused(fault);
      }
      load.awaitAnswers();
      clearFaults();
      stuck.ifPresent(Lease::close);
      swapper.swap(jar("3"));
      load.awaitAnswers();
      assertThat(counter.with(Counter::name)).isEqualTo("p#" + current());
    }
    assertThat(load.failures).isEmpty();
    if (kind.state) {
      assertThat(counter.with(Counter::count)).isEqualTo(load.calls.get() + 1);
    }
    assertThat(swapper.snapshot().tainted()).hasSize(kind.forced && !fault.isOfGiving() ? 1 : 0);
  }

  /** It comes back as a new generation of the same bytes; nobody calls the old service any more. */
  @Test
  void forcedGenerationWhoseBytesComeBackKeepsNoServiceOnceItsLastCallEnds() {
    become(Kind.FORCED);
    swapper.swap(jar("1"));
    inject(Fault.NEW_START_THROWS);
    WeakReference<Object> service = refusedBesideALease();

    assertThat(counter.with(Counter::name)).isEqualTo("p#3");
    await()
        .atMost(Crew.LIMIT)
        .until(
            () -> {
              System.gc();
              return service.get() == null;
            });
  }

  private WeakReference<Object> refusedBesideALease() {
    try (Lease<Counter> lease = counter.lease()) {
      assertThat(refused(kind.options(), jar("2"))).hasMessageContaining("no such device");
      return new WeakReference<>(lease.service());
    }
  }

  @Test
  void bytesOfAForcedGenerationStillAnswerBeforeTheirEquals() {
    become(Kind.FORCED);
    swapper.swap(jar("1"));
    swapper.swap(jar("q", "9", false));
    inject(Fault.NEW_START_THROWS);

    refusedBesideALease();

    assertThat(counter.with(Counter::name)).isEqualTo("p#3");
  }

  private void assertRefused(Fault fault) throws Exception {
    SwapRefusedException refused;
    if (fault == Fault.DRAIN_OVERDUE) {
      Lease<Counter> lease = counter.lease();
      refused = refused(SwapOptions.NONE.withDrainDeadline(Duration.ofMillis(50)), jar("2"));
      lease.close();
      assertThat(events).anyMatch(SwapEvent.DrainOverdue.class::isInstance);
    } else {
      refused = refused(kind.options(), jar("2"));
    }
    String name = counter.with(Counter::name);
    boolean held = kind.alone || !fault.isBeforeTheHoldWhereBothRun();
    assertThat(refused.refusal() instanceof Refusal.NotHandedOver)
        .isEqualTo(held && fault != Fault.STATE_IS_FOREIGN);
    assertThat(refused.refusal().message())
        .contains(fault.reason, held ? "answers" : "", "generation ")
        .doesNotContain("without its state", "nothing answers");
    assertThat(refused.refusal().stands().orElseThrow().id()).isEqualTo(name);
    assertThat(refused.refusal().stands().orElseThrow().version()).isEqualTo("1");
    assertThat(refused.receipt().orElseThrow().longestHold().isZero()).isEqualTo(!held);
  }

  private long current() {
    return swapper.snapshot().plugin("p").orElseThrow().current().orElseThrow().number();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"EXCLUSIVE", "EXCLUSIVE_STATE"})
  void whereTheOldOneDoesNotComeBackTheRefusalSaysThatNothingAnswers(Kind chosen) {
    become(chosen);
    swapper.swap(jar("1"));
    starts.put("2", live -> fail("no such device"));
    starts.put("1", live -> fail("the port is gone"));
    Refusal refusal = refused(jar("2")).refusal();
    assertThat(refusal.stands()).isEmpty();
    assertThat(refusal.message())
        .contains("no such device", "did not start again either", "the port is gone")
        .contains("nothing answers now. Swap a version that starts");
    clearFaults();
    swapper.swap(jar("3"));
    assertThat(counter.with(Counter::count)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NEW_START_HANGS", "NEW_OFFERS_NOTHING", "OLD_STOP_HANGS", "TAKE_HANGS"})
  void whatHangsIsGivenUpWhileCallersCanStillWait(Fault fault) throws Exception {
    swapper.close();
    open(Duration.ofSeconds(2), Duration.ofMinutes(1)); // more than callers wait
    become(Kind.EXCLUSIVE_STATE);
    swapper.swap(jar("1"));
    inject(fault);
    Load load = new Load();
    try (load) {
      load.awaitAnswers();
      SwapRefusedException refused = refused(jar("2"));
      assertThat(refused.refusal().message()).contains("was started again and answers");
      load.awaitAnswers();
    }
    assertThat(load.failures).isEmpty();
    assertThat(counter.with(Counter::count)).isEqualTo(load.calls.get() + 1);
  }

  @Test
  void startThatIsInterruptedHasLeftBeforeTheOldOneIsStartedAgain() {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    AtomicBoolean port = new AtomicBoolean();
    starts.put(
        "2",
        live -> {
          port.set(true);
          try {
            awaitNever();
          } finally {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)); // it takes a while to leave
            port.set(false);
          }
        });
    starts.put(
        "1",
        live -> {
          if (port.get()) {
            fail("the port is in use");
          }
          offer(live);
        });
    assertThat(refused(jar("2")).refusal().message()).contains("was started again and answers");
  }

  /** Callers are held: it goes on to its end, and where that is none, all the way back. */
  @Test
  void interruptOfTheAskerDoesNotKeepTheOldOneFromComingBack() {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    Thread asker = Thread.currentThread();
    starts.put(
        "2",
        live -> {
          asker.interrupt();
          fail("no such device");
        });
    starts.put(
        "1",
        live ->
            new Thread(
                    () -> {
                      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)); // to be waited for
                      offer(live);
                    })
                .start());
    try {
      assertThat(refused(jar("2")).refusal().message())
          .contains("no such device", "was started again and answers");
    } finally {
      assertThat(Thread.interrupted()).as("kept").isTrue();
    }
    assertThat(counter.with(Counter::name)).isEqualTo("p#1");
  }

  @Test
  void stopThatEndsAfterTheOldOneWasCalledBackDoesNotKeepItStopped() throws Exception {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    CountDownLatch late = new CountDownLatch(1);
    stops.put("1", live -> awaitUninterruptibly(late));
    assertThat(refused(jar("2")).refusal().message()).contains("was started again and answers");
    assertThat(counter.with(Counter::name)).isEqualTo("p#1");
    stops.clear();
    long before = serviceIds.get();
    late.countDown(); // now its services go once more
    await().atMost(Crew.LIMIT).until(() -> serviceIds.get() > before);
    assertThat(counter.with(Counter::name)).isEqualTo("p#1");
    assertThat(world.handles(Counter.class, ServiceFilter.ANY).withEach(Counter::name))
        .as("once")
        .containsExactly("p#1");
    swapper.swap(jar("3"));
    assertThat(counter.with(Counter::name)).isEqualTo("p#3");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean waits = true;
    while (waits) {
      try {
        latch.await();
        waits = false;
      } catch (InterruptedException e) {
        continue; // as stubborn as some plugins
      }
    }
  }

  @Test
  void startOfTheOldOneThatComesLateReachesTheCallersWhoStillWait() throws Exception {
    become(Kind.EXCLUSIVE_STATE);
    swapper.swap(jar("1"));
    counter.with(Counter::count);
    CountDownLatch late = new CountDownLatch(1);
    starts.put("2", live -> fail("no such device"));
    starts.put(
        "1",
        live -> {
          awaitUninterruptibly(late);
          offer(live);
        });
    assertThat(refused(jar("2")).refusal().message()).contains("nothing answers now");
    try (Crew crew = new Crew()) {
      Crew.Member<Long> caller = crew.call("caller", () -> counter.with(Counter::count));
      caller.awaitParked();
      late.countDown();
      assertThat(caller.join()).as("with its state").isEqualTo(2);
    }
  }

  @Test
  void receiptsHoldCoversWhatCallersWaitForAndNoMoreThanTheSwap() throws Exception {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    AtomicLong inside = new AtomicLong();
    try (Crew crew = new Crew()) {
      List<Crew.Member<Long>> caller = new CopyOnWriteArrayList<>();
      starts.put(
          "2",
          live -> {
            Crew.Member<Long> held = crew.call("held", this::timedCall);
            caller.add(held);
            held.awaitParked(); // it has found nothing, and waits
            long begun = System.nanoTime();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            inside.set(System.nanoTime() - begun);
            offer(live);
          });
      long begun = System.nanoTime();
      Duration hold = swapper.swap(jar("2")).receipt().longestHold();
      Duration whole = Retirer.since(begun);
      long waited = caller.get(0).join();
      assertThat(hold).isBetween(Duration.ofNanos(inside.get()), whole);
      assertThat(waited).isGreaterThanOrEqualTo(inside.get());
    }
  }

  private long timedCall() {
    long begun = System.nanoTime();
    counter.with(Counter::count);
    return System.nanoTime() - begun;
  }

  @Test
  void drainForWhichCallersAreHeldNeverOutlastsHalfOfWhatTheyCanWait() throws Exception {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    try (Crew crew = new Crew()) {
      CountDownLatch go = new CountDownLatch(1);
      Crew.Member<Void> inside = crew.run("inside", () -> counter.use(service -> go.await()));
      inside.awaitParked();
      SwapOptions patient = SwapOptions.NONE.withDrainDeadline(Duration.ofHours(1));
      Refusal refusal = refused(patient, jar("2")).refusal();
      assertThat(refusal.message()).contains("did not end within 2000 ms, held by ", "inside");
      assertThat(counter.with(Counter::name)).isEqualTo("p#1");
      go.countDown();
      inside.join();
    }
  }

  @Test
  void drainForWhichCallersAreHeldIsInTheReceipt() throws Exception {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    try (Crew crew = new Crew()) {
      Lease<Counter> lease = counter.lease();
      Crew.Member<Swap> swapping = crew.call("swapping", () -> swapper.swap(jar("2")));
      Crew.Member<Long> held = heldCaller(crew);
      long known = System.nanoTime();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      Duration least = Retirer.since(known);
      lease.close();
      held.join();
      Receipt receipt = swapping.join().awaitReclaimed(Crew.LIMIT);
      assertThat(receipt.retirement().orElseThrow().drain())
          .isBetween(least, receipt.longestHold());
    }
  }

  /** A caller who waits, because callers are held. */
  private Crew.Member<Long> heldCaller(Crew crew) {
    await()
        .atMost(Crew.LIMIT)
        .until(() -> SlotHandle.isAbsent(((SlotHandle<?>) counter).current()));
    Crew.Member<Long> held = crew.call("held", () -> counter.with(Counter::count));
    held.awaitParked();
    return held;
  }

  @Test
  void decisionToReverseGivesTheSwapUpAtOnce() throws Exception {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    try (Crew crew = new Crew();
        Lease<Counter> lease = counter.lease()) {
      Crew.Member<SwapRefusedException> swapping = crew.call("swapping", () -> refused(jar("2")));
      assertThat(decide(DeadlinePolicy.REVERSE)).extracting(Generation::id).containsExactly("p#1");
      assertThat(swapping.join().refusal().message())
          .contains("it was given up before calls on what it replaces had ended")
          .contains("that was not touched, and answers");
      assertThat(counter.with(Counter::name)).isEqualTo("p#1");
      assertThat(lease.service().name()).isEqualTo("p#1");
    }
  }

  private List<Generation> decide(DeadlinePolicy policy) {
    return await()
        .atMost(Crew.LIMIT)
        .until(() -> swapper.decideDrain("p", policy), about -> !about.isEmpty());
  }

  @Test
  void decisionToForceSwapsUnderTheCallAndTaints() throws Exception {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    try (Crew crew = new Crew();
        Lease<Counter> lease = counter.lease()) {
      Crew.Member<Swap> swapping = crew.call("swapping", () -> swapper.swap(jar("2")));
      decide(DeadlinePolicy.FORCE);
      Receipt receipt = swapping.join().awaitReclaimed(Crew.LIMIT);
      assertThat(receipt.retirement().orElseThrow().forced()).isTrue();
      assertThat(swapper.snapshot().tainted()).hasSize(1);
      assertThat(counter.with(Counter::name)).isEqualTo("p#2");
      assertThat(lease.service().name()).isEqualTo("p#1");
    }
  }

  @Test
  void forcedGenerationNeverComesBackButItsBytesDo() throws Exception {
    become(Kind.EXCLUSIVE_STATE);
    swapper.swap(jar("1"));
    counter.with(Counter::count);
    starts.put("2", live -> fail("no such device"));
    try (Lease<Counter> lease = counter.lease()) {
      SwapOptions hasty =
          SwapOptions.NONE
              .withDrainDeadline(Duration.ofMillis(20))
              .withOnDeadline(DeadlinePolicy.FORCE);
      Refusal refusal = refused(hasty, jar("2")).refusal();
      assertThat(refusal.stands().orElseThrow().label()).isEqualTo("generation 3 (1)");
      assertThat(counter.with(Counter::count)).isEqualTo(2);
      assertThat(counter.with(Counter::name)).isEqualTo("p#3");
      assertThat(lease.generation().number()).isEqualTo(1);
    }
  }

  @Test
  void policyToInterruptEndsTheDrainForWhichCallersAreHeld() throws Exception {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"));
    try (Crew crew = new Crew()) {
      Crew.Member<Void> inside = crew.run("inside", () -> counter.use(service -> awaitNever()));
      inside.awaitParked();
      SwapOptions firm =
          SwapOptions.NONE
              .withDrainDeadline(Duration.ofMillis(20))
              .withOnDeadline(DeadlinePolicy.INTERRUPT);
      swapper.swap(firm, jar("2"));
      assertThat(counter.with(Counter::name)).isEqualTo("p#2");
      assertThat(catchThrowableOfType(IllegalStateException.class, inside::join)).isNotNull();
    }
  }

  @Test
  void inPlaceIsPlannedAndDoneAsPlanned() {
    become(Kind.STATE);
    Path first = jar("p", "1", false);
    swapper.swap(first);
    SwapOptions inPlace = SwapOptions.NONE.withInPlace(true);
    Path second = jar("p", "2", false);
    Plan plan = swapper.plan(inPlace, second);
    assertThat(plan.mode()).isEqualTo(Mode.ONE_AFTER_THE_OTHER);
    assertThat(plan.toString())
        .contains("1 generation changes, one after the other")
        .contains("callers are held until it has started: asked for");
    assertThat(swapper.plan(second).mode()).isEqualTo(Mode.SIDE_BY_SIDE);
    List<String> story = new CopyOnWriteArrayList<>();
    stops.put("1", live -> story.add("1 stops"));
    starts.put(
        "2",
        live -> {
          story.add("2 starts");
          offer(live);
        });
    Receipt receipt = swapper.swap(inPlace, second).receipt();
    assertThat(story).startsWith("1 stops", "2 starts");
    assertThat(receipt.plan()).contains(plan);
    assertThat(receipt.longestHold()).isPositive();
  }

  @Test
  void stagedSetIsPublishedInPlaceIfItWasStagedSo() {
    become(Kind.STATE);
    swapper.swap(jar("p", "1", false));
    var set = swapper.stage(SwapOptions.NONE.withInPlace(true), jar("p", "2", false));
    assertThat(counter.with(Counter::name)).isEqualTo("p#1");
    Receipt receipt = set.publish().receipt();
    assertThat(receipt.mode()).isEqualTo(Mode.ONE_AFTER_THE_OTHER);
    assertThat(counter.with(Counter::name)).isEqualTo("p#2");
  }

  @Test
  void stateIsHandedDownByARollback() {
    become(Kind.STATE);
    List<String> taken = new CopyOnWriteArrayList<>();
    takes.put("1", state -> taken.add("1 takes " + state));
    takes.put("2", state -> taken.add("2 takes " + state));
    swapper.swap(jar("1"));
    counter.with(Counter::count);
    Plan plan = swapper.plan(jar("2"));
    assertThat(plan.members().get(0).state()).isEqualTo(Plan.State.HANDED_OVER);
    assertThat(plan.toString()).contains("its state is handed over; callers are held for that");
    swapper.swap(jar("2"));
    counter.with(Counter::count);
    swapper.rollback("p");
    assertThat(counter.with(Counter::count)).isEqualTo(3);
    assertThat(taken).containsExactly("2 takes Count[calls=1]", "1 takes Count[calls=2]");
  }

  @Test
  void stateOfAPredecessorIsDroppedWhereTheNextVersionKeepsNoneAndThePlanSaysSo() {
    become(Kind.STATE);
    swapper.swap(jar("1"));
    counter.with(Counter::count);
    Path next = jar("p", "2", false);
    Plan plan = swapper.plan(next);
    assertThat(plan.members().get(0).state()).isEqualTo(Plan.State.DROPPED);
    assertThat(plan.toString()).contains("the state of what it replaces is dropped");
    assertThat(swapper.swap(next).receipt().longestHold()).isZero();
    assertThat(counter.with(Counter::count)).isEqualTo(1);
    Plan begins = swapper.plan(jar("3"));
    assertThat(begins.members().get(0).state()).isEqualTo(Plan.State.BEGUN);
    assertThat(swapper.swap(jar("3")).receipt().longestHold()).isZero();
  }

  @Test
  void nullIsNoStateAndNobodyTakesIt() {
    become(Kind.STATE);
    starts.put(
        "1",
        live -> {
          Counting empty = new Counting(live.generation());
          empty.counts.set(Long.MIN_VALUE);
          world.offer(live, Counter.class, empty, new ServiceRank(0, 1));
        });
    takes.put("2", state -> fail("there was none"));
    swapper.swap(jar("1"));
    swapper.swap(jar("2"));
    assertThat(counter.with(Counter::count)).isEqualTo(1);
  }

  @Test
  void whereOneOfASetDoesNotTakeItsStateAllOfThemGetTheirsBack() {
    become(Kind.STATE);
    List<String> taken = new CopyOnWriteArrayList<>();
    takes.put("1", state -> taken.add("back"));
    swapper.swap(jar("p", "1", true), jar("q", "1", true));
    takes.put("3", state -> fail("not mine"));
    SwapRefusedException refused =
        catchThrowableOfType(
            SwapRefusedException.class,
            () -> swapper.swap(jar("p", "2", true), jar("q", "3", true)));
    assertThat(refused.refusal().message())
        .contains("q generation 2", "did not take the state of 1 over", "was not stopped");
    assertThat(taken).containsExactly("back", "back");
  }

  @Test
  void generationThatDoesNotTakeItsStateBackAnswersAndTheRefusalSaysWithoutIt() {
    become(Kind.EXCLUSIVE_STATE);
    swapper.swap(jar("1"));
    starts.put("2", live -> fail("no such device"));
    takes.put("1", state -> fail("not again"));
    Refusal refusal = refused(jar("2")).refusal();
    assertThat(refusal.message())
        .contains("answers again, but without its state", "not again", "generation 1 (1) stays");
    assertThat(counter.with(Counter::count)).isEqualTo(1);
  }

  @Test
  void pluginThatSaysItKeepsStateAndHasNoKeeperIsNotSwappedAndGoesOn() {
    become(Kind.STATE);
    Counter plain =
        new Counter() {
          @Override
          public long count() {
            return 7;
          }

          @Override
          public String name() {
            return "plain";
          }
        };
    starts.put("1", live -> world.offer(live, Counter.class, plain, new ServiceRank(0, 1)));
    swapper.swap(jar("1"));
    assertThat(refused(jar("2")).refusal().message()).contains("none of its services is a StateK");
    assertThat(counter.with(Counter::count)).isEqualTo(7);
  }

  @Test
  void stoppedPluginHasNoStateToHandOverAndCanBeSwapped() {
    become(Kind.STATE);
    List<LiveGeneration> up = new ArrayList<>();
    starts.put(
        "1",
        live -> {
          up.add(live);
          offer(live);
        });
    swapper.swap(jar("1"));
    world.withdraw(up.get(0), Duration.ZERO); // somebody has stopped it
    swapper.swap(jar("2"));
    assertThat(counter.with(Counter::count)).isEqualTo(1);
  }

  static Stream<Arguments> kindsAndWaysIn() {
    List<Arguments> all = new ArrayList<>();
    for (Kind kind : new Kind[] {Kind.EXCLUSIVE, Kind.STATE}) {
      for (int callsBefore : new int[] {0, 1}) {
        all.add(Arguments.of(kind, callsBefore));
      }
    }
    return all.stream();
  }

  /** It is what the drain waits for. */
  @ParameterizedTest
  @MethodSource("kindsAndWaysIn")
  void callFromInsideACallIsAnsweredWhileCallersAreHeld(Kind chosen, int callsBefore)
      throws Exception {
    become(chosen);
    swapper.swap(jar("1"));
    try (Crew crew = new Crew()) {
      CountDownLatch go = new CountDownLatch(1);
      Crew.Member<List<String>> inside =
          crew.call(
              "inside",
              () -> {
                for (int i = 0; i < callsBefore; i++) {
                  counter.with(Counter::count);
                }
                return counter.with(outer -> afterwards(go));
              });
      inside.awaitParked();
      Crew.Member<Swap> swapping = crew.call("swapping", () -> swapper.swap(jar("2")));
      Crew.Member<Long> held = heldCaller(crew);
      go.countDown();

      assertThat(inside.join()).containsOnly("p#1");
      assertThat(swapping.join().receipt().longestHold()).isLessThan(Duration.ofSeconds(2));
      held.join();
      assertThat(counter.with(Counter::name)).isEqualTo("p#2");
    }
  }

  /** In each way in which it may be called. */
  private List<String> afterwards(CountDownLatch go) throws InterruptedException {
    Crew.await(go);
    List<String> names = new ArrayList<>();
    names.add(counter.with(Counter::name));
    names.add(counter.with(outer -> counter.with(Counter::name)));
    names.add(counter.proxy().name());
    try (Lease<Counter> lease = counter.lease()) {
      names.add(lease.service().name());
    }
    try (JointLease lease = world.lease(List.of(counter))) {
      names.add(lease.service(counter).name());
    }
    return names;
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"EXCLUSIVE", "STATE", "EXCLUSIVE_STATE"})
  void setOfWhichOneCallsTheOtherIsSwappedUnderLoad(Kind chosen) throws Exception {
    become(chosen);
    swapper.swap(jar("1"), jar("relay", "1", kind.state));
    Handle<Relay> relay = world.handle(Relay.class);
    AtomicBoolean stopped = new AtomicBoolean();
    List<Crew.Member<Long>> callers = new ArrayList<>();
    try (Crew crew = new Crew()) {
      for (int i = 0; i < 3; i++) {
        callers.add(crew.call("caller-" + i, () -> relayUntil(stopped, relay)));
      }
      for (int next = 2; next < 12; next++) {
        awaitCallInside();
        Receipt receipt =
            swapper.swap(jar("" + next), jar("relay", "" + next, kind.state)).receipt();
        assertThat(receipt.longestHold()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(2));
        assertThat(relay.with(Relay::relay)).isEqualTo(next + "#" + next);
      }
      stopped.set(true);
      for (Crew.Member<Long> caller : callers) {
        assertThat(caller.join()).isPositive();
      }
    }
  }

  /** One that is on the way to its inner call when callers are held. */
  private void awaitCallInside() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    whileRelaying.set(
        () -> {
          inside.countDown();
          await()
              .atMost(Crew.LIMIT)
              .pollInterval(Duration.ofMillis(1))
              .until(() -> SlotHandle.isAbsent(((SlotHandle<?>) counter).current()));
        });
    Crew.await(inside);
  }

  private static long relayUntil(AtomicBoolean stopped, Handle<Relay> relay) {
    long calls = 0;
    while (!stopped.get()) {
      String stamps = relay.with(Relay::relay);
      assertThat(stamps).matches("(\\d+)#\\1");
      calls++;
    }
    return calls;
  }

  @ParameterizedTest
  @MethodSource("kindsAndWaysIn")
  void swapFromInsideACallOnWhatIsHeldIsRefusedAtOnce(Kind chosen, int callsBefore) {
    become(chosen);
    swapper.swap(jar("1"));
    for (int i = 0; i < callsBefore; i++) {
      counter.with(Counter::count);
    }

    SwapRefusedException refused = counter.with(outer -> refused(jar("2")));

    assertThat(refused.refusal().message())
        .contains("it was asked for from inside a call on what it replaces, which has to end first")
        .contains("that was not touched, and answers");
    assertThat(refused.receipt().orElseThrow().longestHold()).isZero();
    assertThat(counter.with(Counter::name)).isEqualTo("p#1");
    swapper.swap(jar("2"));
  }

  @Test
  void swapOfASetFromInsideACallOnOneOfItIsRefusedAtOnce() {
    become(Kind.EXCLUSIVE);
    swapper.swap(jar("1"), jar("relay", "1", false));
    List<SwapRefusedException> refused = new ArrayList<>();
    whileRelaying.set(
        () ->
            refused.add(
                catchThrowableOfType(
                    SwapRefusedException.class,
                    () -> swapper.swap(jar("2"), jar("relay", "2", false)))));

    world.handle(Relay.class).with(Relay::relay);

    assertThat(refused.get(0).refusal().message()).contains("from inside a call");
    assertThat(installer.removed).extracting(Generation::version).containsOnly("2");
  }

  /** What was handed over cannot be published again: its old one is stopped. */
  @Test
  void reversalOfASetOfWhichOneWasHandedOverIsARollback() throws Exception {
    become(Kind.STATE);
    swapper.swap(jar("1"), jar("relay", "1", false));
    counter.with(Counter::count);
    Handle<Relay> relay = world.handle(Relay.class);
    try (Lease<Relay> lease = relay.lease()) {
      SwapOptions reverse =
          SwapOptions.NONE
              .withDrainDeadline(Duration.ofMillis(100))
              .withOnDeadline(DeadlinePolicy.REVERSE);
      swapper.swap(reverse, jar("2"), jar("relay", "2", false));

      await().atMost(Crew.LIMIT).until(() -> swapper.receipts().size() == 3);

      Receipt receipt = swapper.receipts().get(0);
      assertThat(receipt.outcome()).as("beside " + lease).isEqualTo(Receipt.Outcome.ROLLED_BACK);
      assertThat(receipt.request().asked().why()).contains("p has handed its state over");
      assertThat(relay.with(Relay::relay)).isEqualTo("1#3");
      assertThat(counter.with(Counter::count)).as("with its state").isEqualTo(3);
    }
  }
}
