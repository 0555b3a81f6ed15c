package dev.hotswap.itest;

import static dev.hotswap.itest.Inmate.clean;
import static dev.hotswap.itest.Inmate.held;
import static dev.hotswap.itest.Inmate.softlyHeld;
import static dev.hotswap.itest.Inmate.takenBack;

import java.util.ArrayList;
import java.util.List;

/** Who lives in the zoo. */
final class Inmates {
  private static final int JDK = Runtime.version().feature();
  private static final String KEPT = "Keeper.KEPT";

  private Inmates() {}

  /**
   * @param withNative whether there is native code that keeps one of them
   */
  static List<Inmate> all(boolean withNative) {
    List<Inmate> all = new ArrayList<>();
    all.addAll(ofThreads());
    all.addAll(ofTheJdk());
    all.addAll(ofTheHost());
    all.addAll(ofCallers());
    all.addAll(ofLibraries());
    if (withNative) {
      all.add(held("JniReference", "native code", "JniReference"));
    }
    all.addAll(controls());
    // the last one: whoever starts a thread after it hands the class loader on
    all.add(takenBack("CallersContext", "context class loader of thread \"zoo-caller\""));
    return all;
  }

  private static List<Inmate> ofThreads() {
    List<Inmate> some = new ArrayList<>();
    some.add(
        held(
            "SharedThreadLocal",
            "thread \"zoo-caller\"",
            "ThreadLocal",
            "SharedThreadLocal$Value"));
    some.add(
        held("OwnThreadLocal", "thread \"zoo-caller\"", "ThreadLocal", "OwnThreadLocal$Value"));
    some.add(
        held(
            "InheritedThreadLocal",
            "thread \"zoo-caller\"",
            "ThreadLocal",
            "InheritedThreadLocal$Value"));
    some.add(held("OwnThread", "thread \"zoo-prowler\"").reported("thread \"zoo-prowler\""));
    some.add(held("PlainThread", "thread \"zoo-wanderer\""));
    some.add(
        held("PlainThreadInItsContext", "thread \"zoo-homesick\"")
            .reported("thread \"zoo-homesick\""));
    some.add(held("TimerTasks", "thread \"zoo-timer\"", "TimerTasks$Hunt"));
    some.add(held("OwnScheduler", "thread \"pool-", "OwnScheduler$Feeding"));
    some.add(held("OwnPool", "thread \"zoo-herd\"", "OwnPool$Herd"));
    some.add(takenBack("CallersHandler", "of thread \"zoo-caller\""));
    some.add(
        JDK < 19
            ? takenBack(
                "CommonPoolContext",
                "context class loader of thread \"ForkJoinPool.commonPool-worker-1\"")
            : clean("CommonPoolContext"));
    some.add(clean("PoolThreadBornInside"));
    some.add(held("FutureChain", "Keeper.NEVER", "CompletableFuture"));
    some.add(held("DelayedStage", "lambda in dev.hotswap.itest.zoo.DelayedStage"));
    if (JDK >= 21) {
      some.add(held("VirtualThread", "VirtualThread"));
    }
    some.add(held("ShutdownHook", "hook", "ShutdownHook$Farewell"));
    some.add(
        JDK < 19 ? takenBack("OwnThreadGroup", "thread group zoo-pack") : clean("OwnThreadGroup"));
    some.add(held("HostThreadInside", "thread \"zoo-inside\"", "HostThreadInside$Digestion"));
    return some;
  }

  private static List<Inmate> ofTheJdk() {
    return List.of(
        takenBack("JdbcDriver", "JDBC driver dev.hotswap.itest.zoo.JdbcDriver$Ferry"),
        takenBack("MBean", "MBean zoo:type=Chip"),
        held("WrappedMBean", "StandardMBean", "WrappedMBean$Chip"),
        held("MemoryListener", "MemoryListener$Ear"),
        takenBack("LogHandler", "handler dev.hotswap.itest.zoo.LogHandler$Parrot of logger zoo"),
        takenBack("LogFormatter", "formatter dev.hotswap.itest.zoo.LogFormatter$Song of handler"),
        held("LogConfigurationListener", "LogManager"),
        takenBack("SecurityProvider", "security provider ZooGuard"),
        takenBack("SystemProperty", "system property zoo.object"),
        takenBack("DefaultExceptionHandler", "default uncaught exception handler"),
        takenBack("DefaultAuthenticator", "default authenticator"),
        takenBack("DefaultProxySelector", "default proxy selector"),
        held("DefaultTimeZone", "TimeZone", "DefaultTimeZone$ZooTime"),
        held("UrlHandlers", "java.net.URL"),
        held("SerialFilter", "ObjectInputFilter", "SerialFilter$Sieve"),
        held("NamingFactories", "NamingManager"),
        held("PreferencesListener", "Preferences"),
        held("RmiExport", "sun.rmi.transport.ObjectTable", "Target.ccl"),
        held("HttpContext", "HttpContext"),
        held("OwnHttpServer", "HTTP-Dispatcher"),
        held("ImageReader", "ImageReader$Sketches"),
        clean("BeanInformation"),
        clean("CachedBundle"),
        held("ClassValues", "ClassValue", "ClassValues$Tag"),
        held("CleanerAction", "Cleaner"),
        held("OwnCleaner", "Cleaner"),
        held("FlightRecorderEvent", "jdk.jfr"),
        held("SelectorAttachment", "SelectionKey", "SelectorAttachment$Ticket"),
        held("ParserHandler", "Keeper.PARSER", "ParserHandler$Vet"),
        held("SocketFactory", "HttpsURLConnection", "SocketFactory$Plugs"));
  }

  private static List<Inmate> ofTheHost() {
    return List.of(
        held("ValueInHostsMap", "Keeper.MAP"),
        held("KeyInHostsMap", "Keeper.MAP", "KeyInHostsMap$Lair"),
        held("Listener", "Keeper.LISTENERS", "Listener$Ear"),
        held("PropertyListener", "Keeper.EVENTS"),
        held("WeakMapWithWayBack", "Keeper.BY_CLASS"),
        held("QueuedTask", "BUSY", "QueuedTask$Chore"),
        held("ScheduledTask", "CLOCK", "ScheduledTask$Chore"),
        held("Subscriber", "Keeper.NEWS", "Subscriber$Reader"));
  }

  private static List<Inmate> ofCallers() {
    return List.of(
        held("ServiceKept", KEPT, "ServiceKept"),
        held("ResultKept", KEPT, "ResultKept$Cub"),
        held("LambdaKept", KEPT),
        held("ProxyKept", KEPT, "ProxyKept$Trick"),
        held("OwnExceptionKept", KEPT, "OwnExceptionKept$Bite"),
        held("ExceptionKept", KEPT, "Throwable.backtrace"),
        held("MethodHandleKept", KEPT, "MethodHandle"),
        held("MethodKept", KEPT, "Method"),
        held("ClassKept", KEPT, "ClassKept"),
        held("FramesKept", KEPT, "FrameInfo."),
        held("EnumMapKept", KEPT, "EnumMap"),
        held("ServiceLoaderKept", KEPT, "ServiceLoader"),
        held("AnnotationKept", KEPT),
        held("ArrayKept", KEPT, "ArrayKept"),
        held("GenericTypeKept", KEPT, "ParameterizedType"),
        held("LoaderKept", KEPT),
        held("StreamKept", KEPT));
  }

  private static List<Inmate> ofLibraries() {
    return List.of(
        held("LibraryRegistry", "Herbarium.PLANTS", "LibraryRegistry$Leaf"),
        held("TrackedService", "Herbarium.TRACKED", "TrackedService$Howl"),
        held("Component", "Herbarium.TRACKED", "Component"),
        held("JacksonTypes", "TypeFactory"),
        held("GsonTypes", "Keeper.MAP", "Gson"),
        held("CaffeineEntry", "Keeper.MAP", "caffeine", "CaffeineEntry$Bean"),
        held("LogbackAppender", "LogbackAppender$Echo"));
  }

  private static List<Inmate> controls() {
    return List.of(
        softlyHeld("SoftCache"),
        clean("SerialClasses"),
        clean("WeakListener"),
        clean("RemovedThreadLocal"),
        clean("EndedPool"),
        clean("CancelledTimer"),
        clean("UnregisteredMBean"),
        clean("EndedThread"),
        clean("DroppedLambda"),
        clean("ExceptionAsText"),
        clean("InternedText"),
        clean("EnumInside"),
        clean("DroppedServiceLoader"),
        clean("RemovedHook"),
        clean("WeakMapKey"),
        clean("CachedJarUrl"),
        clean("KeptAliveConnection"),
        clean("DiagnosticContext"),
        clean("CompletedStage"),
        clean("DroppedProxy"),
        clean("CommittedEvent"),
        clean("PropertyEditor"),
        clean("NamedLogger"),
        clean("ParallelStream"),
        clean("CleanedObject"),
        clean("CancelledSubscriber"),
        clean("TextResult"),
        clean("DroppedExport"),
        clean("DeregisteredDriver"));
  }
}
