package dev.hotswap.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Leftover;
import dev.hotswap.api.Leftovers;
import dev.hotswap.leaks.left.CountsInits;
import dev.hotswap.leaks.left.LeavesBeanInfo;
import dev.hotswap.leaks.left.LeavesContextLoader;
import dev.hotswap.leaks.left.LeavesDefaults;
import dev.hotswap.leaks.left.LeavesDriver;
import dev.hotswap.leaks.left.LeavesDriverLog;
import dev.hotswap.leaks.left.LeavesExceptionHandler;
import dev.hotswap.leaks.left.LeavesLoaderBelow;
import dev.hotswap.leaks.left.LeavesLogHandler;
import dev.hotswap.leaks.left.LeavesLogParts;
import dev.hotswap.leaks.left.LeavesMBean;
import dev.hotswap.leaks.left.LeavesPlainThread;
import dev.hotswap.leaks.left.LeavesPropertyEditor;
import dev.hotswap.leaks.left.LeavesProvider;
import dev.hotswap.leaks.left.LeavesResourceBundle;
import dev.hotswap.leaks.left.LeavesStubbornDriver;
import dev.hotswap.leaks.left.LeavesStubbornMBean;
import dev.hotswap.leaks.left.LeavesSystemProperties;
import dev.hotswap.leaks.left.LeavesThread;
import dev.hotswap.leaks.left.LeavesThreadGroup;
import dev.hotswap.leaks.left.StaysInside;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ProxySelector;
import java.net.URLConnection;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.ConsoleHandler;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * For each kind: a class of a throw-away loader leaves it behind, and so does the same class of the
 * generation beside it. What the first left is taken back and told, and its loader can be
 * collected; what the second left stays until it is its turn.
 */
@Timeout(60)
class JvmLeftoversTest {
  private final Leftovers leftovers = new JvmLeftovers(ThreadPolicy.REPORT);
  private final ExecutorService hosts =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "host-1"));

  @AfterEach
  void end() {
    hosts.shutdownNow();
  }

  @Test
  void driversAreDeregistered() {
    assertThat(takenBackOneByOne(LeavesDriver.class))
        .extracting(Leftover::kind, Leftover::what, Leftover::undone)
        .containsExactly(
            tuple(
                Leftover.Kind.JDBC_DRIVER,
                "JDBC driver dev.hotswap.leaks.left.LeavesDriver",
                true));
  }

  @Test
  void driverThatRefusesIsToldWithTheReason() {
    Throwaway plugin = new Throwaway().run(LeavesStubbornDriver.class);
    assertThat(leftovers.undo(plugin.loader()))
        .extracting(Leftover::what, Leftover::undone)
        .containsExactly(
            tuple(
                "JDBC driver dev.hotswap.leaks.left.LeavesStubbornDriver"
                    + ", not let go of: java.lang.IllegalStateException",
                false));
    assertThat(leftovers.undo(plugin.loader())).extracting(Leftover::undone).containsExactly(true);
    plugin.drop().awaitCollected();
  }

  @Test
  void driverOfTheHostsStaysAndNoOtherClassOfThePluginIsInitializedForIt() throws Exception {
    CountsInits hosts = new CountsInits(); // the plugin has the class as well, and has not used it
    DriverManager.registerDriver(hosts);
    try {
      System.clearProperty("dev.hotswap.leaks.inits");
      Throwaway plugin = new Throwaway().run(LeavesDriver.class);
      assertThat(leftovers.undo(plugin.loader())).hasSize(1);
      assertThat(System.getProperty("dev.hotswap.leaks.inits")).isNull();
      assertThat(DriverManager.drivers()).contains(hosts);
    } finally {
      DriverManager.deregisterDriver(hosts);
    }
  }

  @Test
  void driverThatThePluginHasFromTheHostStays() throws Exception {
    LeavesDriver hosts = new FromTheHost();
    DriverManager.registerDriver(hosts);
    try {
      assertThat(leftovers.undo(new Throwaway().run(LeavesDriver.class).loader())).hasSize(1);
      assertThat(DriverManager.drivers()).contains(hosts);
    } finally {
      DriverManager.deregisterDriver(hosts);
    }
  }

  /** The plugin's loader finds it at its parent. */
  private static final class FromTheHost extends LeavesDriver {}

  @Test
  void logWriterOfTheDriversIsTakenAway() {
    assertTakenBack(
        LeavesDriverLog.class,
        "log writer of java.sql.DriverManager, dev.hotswap.leaks.left.LeavesDriverLog$Log");
    assertThat(DriverManager.getLogWriter()).isNull();
  }

  @Test
  void mBeansOfEveryServerAreUnregistered() {
    MBeanServer first = MBeanServerFactory.createMBeanServer("first");
    MBeanServer second = MBeanServerFactory.createMBeanServer("second");
    try {
      assertThat(takenBackOneByOne(LeavesMBean.class))
          .hasSizeGreaterThanOrEqualTo(2)
          .allMatch(bean -> bean.what().matches("MBean left:loader=\\d+"))
          .allMatch(bean -> bean.undone() && bean.kind() == Leftover.Kind.MBEAN)
          .allMatch(bean -> bean.remedy().contains("unregisterMBean"));
    } finally {
      MBeanServerFactory.releaseMBeanServer(first);
      MBeanServerFactory.releaseMBeanServer(second);
    }
  }

  @Test
  void mBeanThatRefusesIsToldWithTheReason() {
    MBeanServer server = MBeanServerFactory.createMBeanServer("stubborn");
    Throwaway plugin = new Throwaway().run(LeavesStubbornMBean.class);
    try {
      System.setProperty("dev.hotswap.leaks.stubborn", "true");
      assertThat(leftovers.undo(plugin.loader()))
          .isNotEmpty()
          .allMatch(bean -> !bean.undone())
          .allMatch(bean -> bean.what().endsWith("javax.management.RuntimeMBeanException"));
    } finally {
      System.clearProperty("dev.hotswap.leaks.stubborn");
      leftovers.undo(plugin.loader());
      MBeanServerFactory.releaseMBeanServer(server);
    }
    plugin.drop().awaitCollected();
  }

  @Test
  void logHandlersAreRemovedAndNotRun() {
    assertThat(takenBackOneByOne(LeavesLogHandler.class))
        .extracting(Leftover::kind, Leftover::what)
        .containsExactly(
            tuple(
                Leftover.Kind.LOG_HANDLER,
                "handler dev.hotswap.leaks.left.LeavesLogHandler$Silent of the root logger"));
  }

  @Test
  void whatLoggersAndHandlersOfTheHostWereGivenIsTakenAway() {
    Logger logger = Logger.getLogger("host");
    Handler handler = new ConsoleHandler();
    logger.addHandler(handler);
    try {
      Throwaway plugin = new Throwaway().run(LeavesLogParts.class);
      assertThat(leftovers.undo(new Throwaway().loader())).isEmpty();
      assertThat(leftovers.undo(plugin.loader()))
          .extracting(Leftover::what)
          .containsExactly(
              "filter lambda of dev.hotswap.leaks.left.LeavesLogParts of logger host",
              "filter lambda of dev.hotswap.leaks.left.LeavesLogParts of handler"
                  + " java.util.logging.ConsoleHandler of logger host",
              "formatter dev.hotswap.leaks.left.LeavesLogParts$Words of handler"
                  + " java.util.logging.ConsoleHandler of logger host",
              "error manager dev.hotswap.leaks.left.LeavesLogParts$Errors of handler"
                  + " java.util.logging.ConsoleHandler of logger host");
      plugin.drop().awaitCollected();
      assertThat(logger.getHandlers()).containsExactly(handler);
      assertThat(handler.getFormatter()).isExactlyInstanceOf(SimpleFormatter.class);
      assertThat(handler.getErrorManager()).isExactlyInstanceOf(ErrorManager.class);
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void contextClassLoaderOfAHostsThreadIsSetBack() throws Exception {
    assertContextLoaderSetBack(LeavesContextLoader.class);
  }

  @Test
  void contextClassLoaderBelowThatOfThePluginIsSetBack() throws Exception {
    assertContextLoaderSetBack(LeavesLoaderBelow.class);
  }

  private void assertContextLoaderSetBack(Class<? extends Runnable> type) throws Exception {
    Throwaway plugin = new Throwaway();
    hosts.submit(() -> plugin.run(type)).get();
    assertThat(leftovers.undo(new Throwaway().loader())).isEmpty();
    assertThat(leftovers.undo(plugin.loader()))
        .extracting(Leftover::kind, Leftover::what, Leftover::undone)
        .containsExactly(
            tuple(
                Leftover.Kind.CONTEXT_CLASS_LOADER,
                "context class loader of thread \"host-1\"",
                true));
    plugin.drop().awaitCollected();
    assertThat(hosts.submit(() -> Thread.currentThread().getContextClassLoader()).get())
        .isSameAs(ClassLoader.getSystemClassLoader());
  }

  @Test
  void exceptionHandlerOfAHostsThreadIsTakenAway() throws Exception {
    Throwaway plugin = new Throwaway();
    hosts.submit(() -> plugin.run(LeavesExceptionHandler.class)).get();
    assertThat(leftovers.undo(new Throwaway().loader())).isEmpty();
    assertThat(leftovers.undo(plugin.loader()))
        .singleElement()
        .matches(Leftover::undone)
        .extracting(Leftover::what)
        .asString()
        .matches(
            "uncaught exception handler lambda of dev.hotswap.leaks.left.LeavesExceptionHandler of thread"
                + " \"host-1\"");
    plugin.drop().awaitCollected();
  }

  @Test
  void threadIsNamedAndRunsOnUnlessThePolicySaysOtherwise() {
    Throwaway plugin = new Throwaway().run(LeavesThread.class);
    Throwaway next = new Throwaway().run(LeavesThread.class);
    awaitParked("left-poller");
    for (int time = 1; time <= 2; time++) {
      assertThat(leftovers.undo(plugin.loader()))
          .singleElement()
          .matches(left -> left.kind() == Leftover.Kind.THREAD && !left.undone())
          .extracting(Leftover::what)
          .asString()
          .startsWith(
              "thread \"left-poller\", a dev.hotswap.leaks.left.LeavesThread$Poller, in"
                  + " dev.hotswap.leaks.left.LeavesThread$Poller.run(");
    }
    Leftovers interrupting = new JvmLeftovers(ThreadPolicy.INTERRUPT);
    assertThat(interrupting.undo(plugin.loader()))
        .extracting(Leftover::undone)
        .containsExactly(true);
    plugin.drop().awaitCollected();
    assertThat(next.drop().isCollected()).isFalse();
    endThreads("left-poller");
  }

  @Test
  void threadOfTheJdksClassIsNamedByItsContextClassLoaderAndWhatItRuns() {
    Throwaway plugin = new Throwaway().run(LeavesPlainThread.class);
    Throwaway next = new Throwaway().run(LeavesPlainThread.class);
    awaitParked("left-plain");
    assertThat(new JvmLeftovers(ThreadPolicy.INTERRUPT).undo(plugin.loader()))
        .singleElement()
        .matches(left -> left.kind() == Leftover.Kind.THREAD && left.undone())
        .extracting(Leftover::what)
        .asString()
        .startsWith(
            "thread \"left-plain\", in dev.hotswap.leaks.left.LeavesPlainThread.await(Leaves");
    plugin.drop().awaitCollected();
    assertThat(next.drop().isCollected()).isFalse();
    endThreads("left-plain");
  }

  /** As after a drain that was ended by force: the caller is somebody else's, and still inside. */
  @Test
  void aCallersThreadThatIsStillInsideIsNotThePlugins() {
    Throwaway plugin = new Throwaway();
    Future<?> call = hosts.submit(() -> plugin.run(StaysInside.class));
    await().until(() -> isInside("host-1"));
    assertThat(new JvmLeftovers(ThreadPolicy.INTERRUPT).undo(plugin.loader())).isEmpty();
    assertThat(isInside("host-1")).as("not interrupted").isTrue();
    assertThat(thread("host-1").getContextClassLoader())
        .as("which the call sets back itself")
        .isSameAs(plugin.loader());
    hosts.shutdownNow();
    await().until(call::isDone);
  }

  private static boolean isInside(String name) {
    Thread thread = thread(name);
    return thread.getState() == Thread.State.WAITING
        && Stream.of(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(StaysInside.class.getName()));
  }

  private static Thread thread(String name) {
    return RunningThreads.all().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Both of them: one that was just started has no frame yet to be known by. */
  private static void awaitParked(String name) {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        RunningThreads.all().stream()
                            .filter(thread -> thread.getName().equals(name))
                            .filter(thread -> thread.getState() != Thread.State.RUNNABLE))
                    .hasSize(2));
  }

  private static void endThreads(String name) {
    RunningThreads.all().stream()
        .filter(thread -> thread.getName().equals(name))
        .forEach(Thread::interrupt);
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_18) // later on nobody keeps one
  void threadGroupIsDestroyed() {
    assertThat(takenBackOneByOne(LeavesThreadGroup.class))
        .extracting(Leftover::what, Leftover::undone)
        .containsExactly(
            tuple(
                "thread group left-workers, a dev.hotswap.leaks.left.LeavesThreadGroup$Workers",
                true));
  }

  @Test
  void securityProvidersAreRemoved() {
    assertThat(takenBackOneByOne(LeavesProvider.class))
        .singleElement()
        .matches(left -> left.kind() == Leftover.Kind.SECURITY_PROVIDER && left.undone())
        .extracting(Leftover::what)
        .asString()
        .matches("security provider Left\\d+, dev.hotswap.leaks.left.LeavesProvider\\$Own");
  }

  @Test
  void objectsInTheSystemPropertiesAreRemoved() {
    String java = System.getProperty("java.version");
    assertThat(takenBackOneByOne(LeavesSystemProperties.class))
        .extracting(Leftover::what)
        .satisfiesExactlyInAnyOrder(
            value ->
                assertThat(value)
                    .matches("system property left\\.\\d+, a .*\\.LeavesSystemProperties\\$1"),
            key ->
                assertThat(key)
                    .matches("system property whose key is a .*\\.LeavesSystemProperties\\$2"));
    assertThat(System.getProperty("java.version")).isEqualTo(java);
  }

  @Test
  void defaultsOfTheJvmAreSetBackToWhatStoodBefore() {
    ProxySelector proxies = ProxySelector.getDefault();
    HostnameVerifier verifier = HttpsURLConnection.getDefaultHostnameVerifier();
    InputStream in = System.in;
    PrintStream out = System.out;
    PrintStream err = System.err;
    Throwaway plugin = new Throwaway();
    try {
      plugin.run(LeavesDefaults.class);
      assertThat(leftovers.undo(new Throwaway().loader())).isEmpty();
      List<Leftover> found = leftovers.undo(plugin.loader());
      assertThat(List.of(System.in, System.out, System.err)).containsExactly(in, out, err);
      assertThat(found)
          .extracting(left -> left.what().replaceAll(", a .*", ""))
          .containsExactly(
              "default uncaught exception handler",
              "default proxy selector",
              "default authenticator",
              "default cookie handler",
              "default response cache",
              "file name map",
              "default host name verifier",
              "System.in",
              "System.out",
              "System.err");
      assertThat(found).allMatch(Leftover::undone);
      assertThat(found).allMatch(left -> left.kind() == Leftover.Kind.JVM_DEFAULT);
    } finally {
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
    }
    plugin.drop().awaitCollected();
    assertThat(ProxySelector.getDefault()).isSameAs(proxies);
    assertThat(HttpsURLConnection.getDefaultHostnameVerifier()).isSameAs(verifier);
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNull();
    assertThat(URLConnection.guessContentTypeFromName("a.txt")).isEqualTo("text/plain");
  }

  @Test
  void defaultThatTheHostHasSetMeanwhileIsWhatComesBack() {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.UncaughtExceptionHandler hosts = (thread, thrown) -> {};
    PrintStream out = System.out;
    PrintStream err = System.err;
    InputStream in = System.in;
    Throwaway plugin = new Throwaway();
    try {
      Thread.setDefaultUncaughtExceptionHandler(hosts);
      leftovers.undo(new Throwaway().loader()); // some other reclaim
      plugin.run(LeavesDefaults.class);
      leftovers.undo(plugin.loader());
      assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(hosts);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void cachedResourceBundlesAreDroppedWithoutAWord() {
    assertThat(takenBackOneByOne(LeavesResourceBundle.class)).isEmpty();
  }

  @Test
  void cachedBeanInformationIsDroppedInEveryThreadGroupWithoutAWord() {
    Throwaway plugin = new Throwaway().run(LeavesBeanInfo.class);
    assertThat(plugin.isCollected()).isFalse();
    assertThat(leftovers.undo(plugin.loader())).isEmpty();
    plugin.drop().awaitCollected();
  }

  /** The JDK keeps them weakly since JDK 7. */
  @Test
  void propertyEditorsNeedNoTakingBack() {
    new Throwaway().run(LeavesPropertyEditor.class).drop().awaitCollected();
  }

  @Test
  void whatASweepThrowsIsToldAndTheOthersGoOn() {
    Leftover told = new Leftover(Leftover.Kind.OTHER, "something", true, "nothing");
    Leftovers two =
        new JvmLeftovers(
            List.of(
                (own, found) -> {
                  throw new IllegalStateException("no access");
                },
                (own, found) -> found.accept(told)));
    assertThat(two.undo(new Throwaway().loader()))
        .hasSize(2)
        .contains(told)
        .first()
        .matches(left -> !left.undone())
        .extracting(Leftover::what)
        .asString()
        .contains("java.lang.IllegalStateException: no access");
  }

  /** Of a default, which one plugin only can have set. */
  private void assertTakenBack(Class<? extends Runnable> type, String what) {
    Throwaway plugin = new Throwaway().run(type);
    assertThat(leftovers.undo(new Throwaway().loader())).isEmpty();
    assertThat(leftovers.undo(plugin.loader()))
        .extracting(Leftover::what, Leftover::undone)
        .containsExactly(tuple(what, true));
    plugin.drop().awaitCollected();
  }

  private List<Leftover> takenBackOneByOne(Class<? extends Runnable> type) {
    Throwaway plugin = new Throwaway().run(type);
    Throwaway next = new Throwaway().run(type);
    assertThat(plugin.isCollected()).isFalse();
    List<Leftover> found = leftovers.undo(plugin.loader());
    plugin.drop().awaitCollected();
    List<Leftover> ofNext = leftovers.undo(next.loader());
    assertThat(ofNext).hasSameSizeAs(found); // nothing of it was touched before
    next.drop().awaitCollected();
    return found;
  }
}
