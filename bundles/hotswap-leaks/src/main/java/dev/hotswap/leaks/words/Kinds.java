package dev.hotswap.leaks.words;

import java.util.List;
import java.util.Optional;

/** The kinds of leak that are known. The first that fits is taken, so the special come first. */
final class Kinds {
  private static final List<Kind> ALL =
      List.of(
          new Kind(
              "shutdown hook",
              "keep the hook's Thread, and call Runtime.removeShutdownHook(it) in stop()",
              "java.lang.ApplicationShutdownHooks.hooks",
              "java.lang.Shutdown.hooks"),
          new Kind(
              "ThreadLocal value",
              "call remove() on the ThreadLocal that holds {plugin} when the call ends, or run it in a"
                  + " pool that the plugin closes in stop()",
              "java.lang.Thread.threadLocals",
              "java.lang.Thread.inheritableThreadLocals"),
          new Kind(
              "timer",
              "keep the Timer, and call cancel() on it in stop()",
              "java.util.TimerThread.queue",
              "java.util.TimerThread",
              "java.util.TaskQueue"),
          new Kind(
              "scheduled task",
              "keep the ScheduledFuture and cancel(true) it in stop(), or shutdownNow() the executor"
                  + " if it is the plugin's own",
              "java.util.concurrent.ScheduledThreadPoolExecutor*",
              "java.util.concurrent.CompletableFuture$Delayer*"),
          new Kind(
              "MBean",
              "call MBeanServer.unregisterMBean(name) in stop()",
              "com.sun.jmx.mbeanserver.*",
              "javax.management.*",
              "java.lang.management.ManagementFactory.platformMBeanServer"),
          new Kind(
              "JDBC driver",
              "call DriverManager.deregisterDriver(driver) in stop()",
              "java.sql.DriverManager.registeredDrivers",
              "java.sql.DriverInfo"),
          new Kind(
              "logging handler or logger",
              "take the handler, filter or level away in stop(): Logger.removeHandler(handler)",
              "java.util.logging.*"),
          new Kind(
              "ClassValue",
              "call ClassValue.remove(type) in stop() for each class outside the plugin that a value"
                  + " was computed for, or keep the values in a map of the plugin's own",
              "java.lang.ClassValue*"),
          new Kind(
              "resource bundle",
              "call ResourceBundle.clearCache(loader of the plugin) in stop()",
              "java.util.ResourceBundle*"),
          new Kind(
              "bean info",
              "call Introspector.flushFromCaches(type), or flushCaches(), in stop()",
              "java.beans.Introspector*",
              "java.beans.ThreadGroupContext*",
              "com.sun.beans.introspect.*",
              "com.sun.beans.TypeResolver*",
              "com.sun.beans.util.Cache*"),
          new Kind(
              "property editor",
              "call PropertyEditorManager.registerEditor(type, null) in stop()",
              "java.beans.PropertyEditorManager*",
              "com.sun.beans.finder.*"),
          new Kind(
              "security provider",
              "call Security.removeProvider(name) in stop()",
              "sun.security.jca.*",
              "java.security.Provider*",
              "java.security.Security*",
              "javax.crypto.JceSecurity*"),
          new Kind(
              "cleaner",
              "call clean() on the Cleanable in stop(), and make the action a static class that does"
                  + " not refer to what it cleans up after",
              "java.lang.ref.Cleaner*",
              "jdk.internal.ref.Cleaner*",
              "jdk.internal.ref.PhantomCleanable*",
              "jdk.internal.ref.CleanerImpl*"),
          new Kind(
              "finalizer",
              "do not override finalize(): use try-with-resources",
              "java.lang.ref.Finalizer*"),
          new Kind(
              "preferences listener",
              "call removePreferenceChangeListener or removeNodeChangeListener in stop()",
              "java.util.prefs.*"),
          new Kind(
              "HTTP server",
              "call removeContext(path), or stop(0) where the server is the plugin's own, in stop()",
              "sun.net.httpserver.*",
              "com.sun.net.httpserver.*"),
          new Kind(
              "RMI export",
              "call UnicastRemoteObject.unexportObject(object, true) in stop()",
              "sun.rmi.*",
              "java.rmi.*"),
          new Kind(
              "flight recorder",
              "call FlightRecorder.removePeriodicEvent(hook), removeListener(listener), or"
                  + " FlightRecorder.unregister(type) in stop(), and close() each Recording",
              "jdk.jfr.*"),
          new Kind(
              "URL handler or connection",
              "do not set a URLStreamHandlerFactory from a plugin; register a URLStreamHandlerService"
                  + " in the framework, and disconnect() and setUseCaches(false) on connections",
              "java.net.URL.*",
              "sun.net.www.*",
              "java.net.URLConnection*"),
          new Kind(
              "network settings",
              "set the authenticator, proxy selector or cookie handler back in stop()",
              "java.net.Authenticator*",
              "java.net.ProxySelector*",
              "java.net.CookieHandler*",
              "java.net.ResponseCache*"),
          new Kind(
              "service provider",
              "do not keep a ServiceLoader, nor what it has loaded, outside the plugin; reload() it"
                  + " in stop()",
              "java.util.ServiceLoader*"),
          new Kind(
              "serialization cache",
              "nothing: the JDK drops such entries by itself, at the latest when memory is short",
              "java.io.ObjectStreamClass*",
              "java.io.ObjectInputStream*",
              "java.io.ClassCache*"),
          new Kind(
              "uncaught exception handler",
              "set the handler back in stop(): Thread.setDefaultUncaughtExceptionHandler(before)",
              "java.lang.Thread.defaultUncaughtExceptionHandler",
              "java.lang.Thread.uncaughtExceptionHandler"),
          new Kind(
              "standard stream",
              "set the stream back in stop(): System.setOut(before)",
              "java.lang.System.out",
              "java.lang.System.err",
              "java.lang.System.in"),
          new Kind(
              "system properties",
              "put strings only into the system properties, and remove them in stop()",
              "java.lang.System.props"),
          new Kind(
              "context class loader",
              "put the thread's context class loader back in a finally block, and do not start a"
                  + " thread or a pool that stays while it is the plugin's",
              "java.lang.Thread.contextClassLoader"),
          new Kind(
              "inherited access control context",
              "have the thread started by code outside the plugin, or within"
                  + " AccessController.doPrivileged",
              "java.lang.Thread.inheritedAccessControlContext",
              "java.security.AccessControlContext*"),
          new Kind(
              "thread group",
              "end its threads in stop(), and do not make the ThreadGroup a class of the plugin",
              "java.lang.ThreadGroup*"),
          new Kind(
              "task of a pool",
              "keep the Future and cancel(true) it in stop(), or shutdownNow() the executor if it is"
                  + " the plugin's own",
              "java.util.concurrent.ThreadPoolExecutor.workQueue",
              "java.util.concurrent.ThreadPoolExecutor*",
              "java.util.concurrent.FutureTask*",
              "java.util.concurrent.ForkJoin*",
              "java.util.concurrent.Executors*"),
          new Kind(
              "dependents of a CompletableFuture",
              "complete or cancel the future in stop(): {plugin} waits for it",
              "java.util.concurrent.CompletableFuture*",
              "java.util.concurrent.CompletableFuture$*"),
          new Kind(
              "method handle",
              "do not keep method handles of the plugin outside it; drop this one in stop()",
              "java.lang.invoke.*"),
          new Kind(
              "reflection",
              "do not keep Method, Field or Constructor objects of the plugin outside it",
              "java.lang.reflect.Method*",
              "java.lang.reflect.Field*",
              "java.lang.reflect.Constructor*",
              "jdk.internal.reflect.*"),
          new Kind(
              "proxy",
              "do not keep proxies that call the plugin outside it; drop this one in stop()",
              "java.lang.reflect.Proxy*"),
          new Kind(
              "exception",
              "do not keep exceptions of the plugin: keep their text",
              "java.lang.Throwable*"),
          new Kind(
              "XML factory",
              "do not keep parsers, factories or transformers that the plugin has set up outside it",
              "javax.xml.*",
              "com.sun.org.apache.*"),
          new Kind(
              "script engine",
              "drop the ScriptEngine, and what was put into its bindings, in stop()",
              "javax.script.*"),
          new Kind(
              "context of a logging library",
              "call MDC.clear(), or remove(key), when the call ends, and put strings only there",
              "org.slf4j.*",
              "ch.qos.logback.*",
              "org.apache.logging.log4j.*"),
          new Kind(
              "type cache of a library",
              "make the mapper an object of the plugin's own, or clear its type caches in stop()",
              "com.fasterxml.jackson.*",
              "com.google.gson.*"),
          new Kind(
              "cache of a library",
              "invalidate the plugin's entries in stop(), or make the cache an object of its own",
              "com.github.benmanes.caffeine.*",
              "com.google.common.cache.*"),
          new Kind(
              "component of declarative services",
              "do not keep the component, nor a ComponentServiceObjects, past its deactivate()",
              "org.apache.felix.scr.*"),
          new Kind(
              "OSGi framework",
              "unregister listeners and services, close trackers, and unget services in stop();"
                  + " where the plugin does, refresh, and report it to the framework",
              "org.apache.felix.framework.*",
              "org.eclipse.osgi.*"),
          new Kind("service tracker", "close() the tracker in stop()", "org.osgi.util.tracker.*"),
          new Kind(
              "lock or wait",
              "have the thread that waits for it return in stop()",
              "java.util.concurrent.locks.*"));

  private Kinds() {}

  /**
   * The kind of a path.
   *
   * @param path its fields and classes as far as the plugin
   */
  static Optional<Kind> of(List<String> path) {
    return ALL.stream().filter(kind -> kind.fits(path)).findFirst();
  }
}
