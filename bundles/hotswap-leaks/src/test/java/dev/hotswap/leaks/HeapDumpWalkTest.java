package dev.hotswap.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.Generation;
import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HeapWalkException;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Driver;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeapDumpWalkTest {
  private static final String PLUGIN = "dev.hotswap.leaks.plugin.";
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
  private static final Logger LOGGER = Logger.getLogger("dev.hotswap.leaks.test");

  @TempDir private Path folder;

  private final Map<Generation, WeakReference<ClassLoader>> loaders = new LinkedHashMap<>();
  private final Deque<AutoCloseable> undo = new ArrayDeque<>();

  /** Leaves something of a plugin somewhere. */
  private interface Leak {
    void leave(PluginLoader plugin) throws Exception;
  }

  @AfterEach
  void clearAway() throws Exception {
    while (!undo.isEmpty()) {
      undo.pop().close();
    }
  }

  private void leak(String name, Leak leak) throws Exception {
    PluginLoader plugin = new PluginLoader();
    leak.leave(plugin);
    loaders.put(new Generation(name, 7, "2.0.0", "0".repeat(64)), new WeakReference<>(plugin));
  }

  private WalkSettings settings() {
    return WalkSettings.defaults().withFolder(folder);
  }

  private Map<String, HoldingPath> walk(WalkSettings settings) {
    Map<String, HoldingPath> paths = new HashMap<>();
    for (HoldingPath path : new HeapDumpWalk(settings).walk(loaders)) {
      paths.put(path.generation().plugin(), path);
    }
    return paths;
  }

  private ExecutorService pool() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    undo.push(pool::shutdownNow);
    return pool;
  }

  private Thread started(Thread thread) {
    thread.setDaemon(true);
    thread.start();
    undo.push(
        () -> {
          thread.interrupt();
          thread.join();
        });
    return thread;
  }

  private void leaveAllKinds() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    leak(
        "local",
        plugin -> pool().submit(() -> LOCAL.set(plugin.make("Ctx"))).get(10, TimeUnit.SECONDS));
    leak("thread", plugin -> started(new Thread((Runnable) plugin.make("Work"), "worker")));
    leak("context", this::leaveContextLoader);
    leak(
        "hook",
        plugin -> {
          Thread hook = new Thread((Runnable) plugin.make("Work"));
          Runtime.getRuntime().addShutdownHook(hook);
          undo.push(() -> Runtime.getRuntime().removeShutdownHook(hook));
        });
    leak(
        "handler",
        plugin -> {
          Handler handler = (Handler) plugin.make("Quiet");
          LOGGER.addHandler(handler);
          undo.push(() -> LOGGER.removeHandler(handler));
        });
    leak(
        "mbean",
        plugin -> {
          ObjectName name = new ObjectName("dev.hotswap.leaks:type=Quiet");
          ManagementFactory.getPlatformMBeanServer().registerMBean(plugin.make("Quiet"), name);
          undo.push(() -> ManagementFactory.getPlatformMBeanServer().unregisterMBean(name));
        });
    leak(
        "timer",
        plugin -> {
          Timer timer = new Timer("the timer", true);
          timer.schedule((TimerTask) plugin.make("Tick"), 3_600_000);
          undo.push(timer::cancel);
        });
    leak(
        "scheduled",
        plugin -> {
          ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
          undo.push(pool::shutdownNow);
          pool.schedule((Runnable) plugin.make("Work"), 1, TimeUnit.HOURS);
        });
    leak("class-value", HeapDumpWalkTest::leaveClassValue);
    leak(
        "driver",
        plugin -> {
          Driver driver = (Driver) plugin.make("NoDriver");
          DriverManager.registerDriver(driver);
          undo.push(((Runnable) driver)::run);
        });
    leak("lambda", plugin -> keepListener(lambda(plugin)));
    leak(
        "exception",
        plugin -> {
          Cache.TROUBLES.add((Throwable) plugin.make("Trouble"));
          undo.push(Cache.TROUBLES::clear);
        });
    leak("future", plugin -> Cache.LATER.thenRun(lambda(plugin)));
    undo.push(() -> Cache.LATER.complete(null));
    leak("soft", plugin -> keep("soft", new SoftReference<>(plugin.make("Ctx"))));
    leak(
        "soft-behind-soft",
        plugin ->
            keep(
                "twice",
                new SoftReference<>(new Object[] {new SoftReference<>(plugin.make("Ctx"))})));
    leak("soft-and-serial", this::leaveSoftlyWhatWasSerialized);
    leak(
        "soft-and-class-value",
        plugin -> {
          leaveClassValue(plugin);
          keep("both", new SoftReference<>(plugin.make("Ctx")));
        });
    leak("none", plugin -> plugin.make("Ctx"));
  }

  private void keep(String key, Object value) {
    Cache.ALL.put(key, value);
    undo.push(() -> Cache.ALL.remove(key));
  }

  private void keepListener(Object listener) {
    Cache.LISTENERS.listeners.add(listener);
    undo.push(Cache.LISTENERS.listeners::clear);
  }

  private void leaveContextLoader(PluginLoader plugin) {
    CountDownLatch never = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "bystander");
    thread.setContextClassLoader(plugin);
    started(thread);
  }

  // it stays: nothing outside the plugin can take it away
  @SuppressWarnings("unchecked")
  private static void leaveClassValue(PluginLoader plugin) {
    ((Function<String, ClassValue<?>>) plugin.make("Tick")).apply("");
  }

  // the JDK notes it by a ClassValue of its own, at the class of the plugin
  private void leaveSoftlyWhatWasSerialized(PluginLoader plugin) throws IOException {
    Object trouble = plugin.make("Trouble");
    try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      out.writeObject(trouble);
    }
    keep("serial", new SoftReference<>(trouble));
  }

  @SuppressWarnings("unchecked")
  private static Runnable lambda(PluginLoader plugin) {
    return ((Supplier<Runnable>) plugin.make("Tick")).get();
  }

  private static void assertHeld(
      HoldingPath path, String holder, String firstStep, String lastStep, String remedy) {
    assertThat(path.verdict()).as(path.label()).isEqualTo(Verdict.HELD);
    assertThat(path.holder()).contains(holder);
    assertThat(path.steps()).first().asString().isEqualTo(firstStep);
    assertThat(path.steps().get(path.steps().size() - 1)).isEqualTo(lastStep);
    assertThat(path.remedy()).contains(remedy);
  }

  @Test
  void namesTheHolderAndTheRemedyOfEachKind() throws Exception {
    leaveAllKinds();
    Map<String, HoldingPath> paths = walk(settings());

    String cache = "static field dev.hotswap.leaks.Cache.";
    assertHeld(
        paths.get("map"),
        cache + "ALL",
        "value of the map in it",
        "loader",
        PLUGIN + "Ctx out of it");
    assertHeld(
        paths.get("local"),
        "thread \"pool-",
        "ThreadLocal value " + PLUGIN + "Ctx",
        "loader",
        "remove()");
    assertHeld(
        paths.get("thread"),
        "thread \"worker\" (started by the plugin itself)",
        "what it runs",
        "loader",
        "end the thread in stop()");
    assertHeld(
        paths.get("context"),
        "thread \"bystander\" (started by the host)",
        "context class loader",
        "context class loader",
        "put the thread's context class loader back");
    assertHeld(
        paths.get("hook"),
        "static field java.lang.ApplicationShutdownHooks.hooks (of the JDK)",
        paths.get("hook").steps().get(0),
        "loader",
        "removeShutdownHook");
    assertThat(paths.get("hook").steps()).contains("what it runs", "class " + PLUGIN + "Work");
    assertHeld(
        paths.get("handler"),
        "HeapDumpWalkTest.LOGGER",
        paths.get("handler").steps().get(0),
        "loader",
        "Logger.removeHandler");
    assertHeld(
        paths.get("mbean"),
        "java.lang.management.ManagementFactory.platformMBeanServer (of the JDK)",
        paths.get("mbean").steps().get(0),
        "loader",
        "unregisterMBean");
    assertHeld(
        paths.get("timer"),
        "thread \"the timer\"",
        paths.get("timer").steps().get(0),
        "loader",
        "call cancel() on it");
    assertHeld(
        paths.get("scheduled"),
        "thread \"pool-",
        paths.get("scheduled").steps().get(0),
        "loader",
        "cancel(true)");
    assertHeld(
        paths.get("class-value"),
        "a class outside the plugin",
        "value of a ClassValue",
        "loader",
        "ClassValue.remove");
    assertHeld(
        paths.get("driver"),
        "static field java.sql.DriverManager.registeredDrivers (of the JDK)",
        "element of the list in it",
        "loader",
        "deregisterDriver");
    assertHeld(
        paths.get("lambda"),
        cache + "LISTENERS",
        "element of the list in field dev.hotswap.leaks.Cache$Listeners.listeners",
        "loader",
        "a lambda in " + PLUGIN + "Tick");
    assertHeld(
        paths.get("exception"),
        cache + "TROUBLES",
        "element of the list in it",
        "loader",
        "keep their text");
    assertHeld(
        paths.get("future"),
        cache + "LATER",
        "field java.util.concurrent.CompletableFuture.stack",
        "loader",
        "complete or cancel the future");

    assertThat(paths.get("soft").verdict()).isEqualTo(Verdict.SOFTLY_HELD);
    assertThat(paths.get("soft").steps()).contains("value of the map in it", "soft reference");
    assertThat(paths.get("soft-behind-soft").verdict()).isEqualTo(Verdict.SOFTLY_HELD);
    assertThat(paths.get("soft-and-serial").verdict()).isEqualTo(Verdict.SOFTLY_HELD);
    assertHeld(
        paths.get("soft-and-class-value"),
        "a class outside the plugin",
        "value of a ClassValue",
        "loader",
        "ClassValue.remove");
    assertThat(paths).as("what the dump's own collection took").doesNotContainKey("none");
    assertThat(left()).isEmpty();
  }

  @Test
  void saysThatNothingInTheDumpLeadsToWhatOnlyTheJvmKnowsOf() throws Exception {
    leak("hidden", plugin -> keep("hidden", hidden(plugin.make("Ctx"))));
    HoldingPath path = walk(settings()).get("hidden");

    assertThat(path.verdict()).isEqualTo(Verdict.WATCHED);
    assertThat(path.holder()).isEmpty();
    assertThat(path.steps()).isEmpty();
    assertThat(path.remedy()).contains("class data");
  }

  // the field of java.lang.Class for it is in no dump
  private static Class<?> hidden(Object data) throws Exception {
    try (InputStream in = Cache.class.getResourceAsStream("Cache$Listeners.class")) {
      return MethodHandles.lookup()
          .defineHiddenClassWithClassData(in.readAllBytes(), data, false)
          .lookupClass();
    }
  }

  @Test
  void readsALargeDumpInAProcessOfItsOwnWithTheSameAnswer() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    HeapDumpWalk walk =
        new HeapDumpWalk(settings().withOwnProcessFrom(0).withTime(Duration.ofHours(1)));
    List<HoldingPath> paths = walk.walk(loaders);

    assertThat(walk.last().orElseThrow().ownProcess()).isTrue();
    assertThat(paths).isEqualTo(new HeapDumpWalk(settings()).walk(loaders));
    assertThat(left()).isEmpty();
  }

  @Test
  void theDumpIsForThisUserOnlyAndStaysIfItIsAskedTo() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    walk(settings().withKeep(true));

    assertThat(left()).hasSize(1);
    Path kept = left().get(0);
    assertThat(Files.getPosixFilePermissions(kept))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(kept.resolve("heap.hprof")).exists();
  }

  /** When it is over the budget, damaged, or the process that reads it fails, it is needed most. */
  @Test
  void aDumpThatIsToBeKeptStaysWhereItsReadingFailsAndItIsSaidWhere() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    HeapDumpWalk walk =
        new HeapDumpWalk(settings().withTime(Duration.ofNanos(1)).withOwnProcessFrom(1L << 40));
    List<String> logged = logged();

    assertThatThrownBy(() -> walk.walkAndKeep(loaders))
        .isInstanceOf(HeapWalkException.class)
        .hasMessageContaining("takes more than")
        .hasMessageContaining("The dump is kept in " + folder);
    Path dump = left().get(0).resolve("heap.hprof");
    assertThat(left()).hasSize(1);
    assertThat(dump).exists();
    assertThat(logged)
        .containsExactly("event=heap-dump-kept file=\"" + dump + "\" bytes=" + Files.size(dump));
  }

  @Test
  void aDumpIsKeptOnceForWhoeverAsksForIt() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    HeapDumpWalk walk = new HeapDumpWalk(settings());
    HeapWalk.Kept kept = walk.walkAndKeep(loaders);
    walk.walk(loaders);

    assertThat(kept.paths()).hasSize(1);
    assertThat(kept.dump()).hasValue(left().get(0).resolve("heap.hprof"));
    assertThat(left()).hasSize(1);
  }

  private List<String> logged() {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(HeapDumpWalk.class.getName());
    logger.addHandler(handler);
    undo.push(() -> logger.removeHandler(handler));
    return lines;
  }

  @Test
  void timeThatIsNotEnoughEndsTheReadingHereAndInAProcessOfItsOwn() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    WalkSettings hasty = settings().withTime(Duration.ofNanos(1));

    assertThatThrownBy(() -> walk(hasty))
        .isInstanceOf(HeapWalkException.class)
        .hasMessageContaining("takes more than");
    assertThat(left()).isEmpty();
  }

  @Test
  void memoryThatIsNotEnoughEndsTheReading() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    keep("much", chains());
    // time is no matter here, however busy the machine is
    WalkSettings small = settings().withMemory(16 << 20).withTime(Duration.ofHours(1));

    assertThatThrownBy(() -> walk(small.withOwnProcessFrom(0)))
        .isInstanceOf(HeapWalkException.class)
        .hasMessageContaining("memory");
    assertThatThrownBy(() -> walk(small))
        .isInstanceOf(HeapWalkException.class)
        .hasMessageContaining("of memory, and may take 16 MB");
    assertThat(left()).isEmpty();
  }

  // each refers to the one before and to something of the plugin, so that nothing is left out
  private static Object chains() {
    Object[] last = {Cache.class};
    for (int i = 0; i < 1_400_000; i++) {
      last = new Object[] {last, Cache.class};
    }
    return last;
  }

  @Test
  void leavesOutManyObjectsThatLeadNowhereAndFindsTheOneThatDoes() throws Exception {
    leak("deep", plugin -> keep("bulk", bulk(plugin.make("Ctx"))));
    HoldingPath path = walk(settings()).get("deep");

    assertThat(path.steps())
        .containsExactly(
            "value of the map in it",
            "element of the array in it",
            "class " + PLUGIN + "Ctx",
            "loader");
  }

  // each was made before what it refers to
  private static Object bulk(Object sought) {
    Object[] all = new Object[600_000];
    for (int i = 0; i < all.length; i++) {
      Object[] each = new Object[1];
      all[i] = each;
      each[0] = new Object[] {i == all.length / 2 ? sought : "text"};
    }
    return all;
  }

  @Test
  void aVirtualThreadIsNamedWhereThereAreSome() throws Exception {
    if (Runtime.version().feature() < 21) {
      assertThatThrownBy(() -> Thread.class.getMethod("ofVirtual"))
          .isInstanceOf(NoSuchMethodException.class);
      return;
    }
    leak(
        "virtual",
        plugin -> {
          Thread thread =
              (Thread)
                  Thread.class
                      .getMethod("startVirtualThread", Runnable.class)
                      .invoke(null, plugin.make("Work"));
          undo.push(thread::interrupt);
          while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
        });
    HoldingPath path = walk(settings()).get("virtual");

    assertThat(path.label()).contains("virtual thread").contains("(started by the plugin itself)");
  }

  @Test
  void theFolderForDumpsIsMadeForThisUserOnly() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    Path made = folder.resolve("data").resolve("heap");
    walk(settings().withFolder(made));

    assertThat(Files.getPosixFilePermissions(made))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void roomThatIsNotThereIsMissedBeforeTheDump() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> walk(settings().withFolder(file.resolve("missing"))))
        .isInstanceOf(HeapWalkException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining("cannot be used");
  }

  @Test
  void withoutAnybodyToAskAboutNothingIsDumped() throws Exception {
    leak("none", plugin -> plugin.make("Ctx"));
    loaders.values().forEach(WeakReference::clear);
    HeapDumpWalk walk = new HeapDumpWalk(settings());

    assertThat(walk.walk(loaders)).isEmpty();
    assertThat(walk.last()).isEmpty();
  }

  @Test
  void theEstimateIsLearntFromTheLastWalk() throws Exception {
    leak("map", plugin -> keep("map", plugin.make("Ctx")));
    HeapDumpWalk walk = new HeapDumpWalk(settings());
    HeapWalk.Estimate before = walk.estimate();
    walk.walk(loaders);
    HeapWalk.Estimate after = walk.estimate();

    assertThat(before.heap()).isPositive();
    assertThat(before.whole()).isGreaterThan(before.pause());
    assertThat(after.pause())
        .isBetween(
            walk.last().orElseThrow().pause().dividedBy(4),
            walk.last().orElseThrow().pause().multipliedBy(4));
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
