package dev.hotswap.itest.zoo.keeper;

import com.sun.net.httpserver.HttpServer;
import java.beans.PropertyChangeSupport;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/** What the host of the zoo has, and plugins can reach: it lives as long as the JVM. */
public final class Keeper {
  public static final Map<Object, Object> MAP = new ConcurrentHashMap<>();
  public static final Map<String, Object> KEPT = new ConcurrentHashMap<>();
  public static final Map<Class<?>, Object> BY_CLASS = new WeakHashMap<>();
  public static final Map<String, SoftReference<Object>> SOFT = new ConcurrentHashMap<>();
  public static final List<Object> LISTENERS = new CopyOnWriteArrayList<>();
  public static final List<WeakReference<Object>> WEAK_LISTENERS = new CopyOnWriteArrayList<>();
  public static final PropertyChangeSupport EVENTS = new PropertyChangeSupport(new Object());
  public static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
  public static final ThreadLocal<Object> SCRATCH = new ThreadLocal<>();
  public static final InheritableThreadLocal<Object> INHERITED = new InheritableThreadLocal<>();
  public static final CompletableFuture<String> NEVER = new CompletableFuture<>();
  public static final CountDownLatch CLOSED = new CountDownLatch(1);
  public static final Cleaner CLEANER = Cleaner.create(factory("zoo-cleaner"));
  public static final Object LONG_LIVED = new Object();
  public static final ScheduledExecutorService CLOCK =
      Executors.newScheduledThreadPool(1, factory("zoo-clock"));
  public static final ThreadPoolExecutor BUSY =
      (ThreadPoolExecutor) Executors.newFixedThreadPool(1, factory("zoo-busy"));
  public static final ThreadPoolExecutor POOL =
      (ThreadPoolExecutor) Executors.newFixedThreadPool(1, factory("zoo-pool"));
  public static final ThreadPoolExecutor GUESTS =
      (ThreadPoolExecutor) Executors.newFixedThreadPool(1, factory("zoo-inside"));
  public static final SubmissionPublisher<String> NEWS =
      new SubmissionPublisher<>((Executor) Runnable::run, 8);
  public static final Logger LOGGER = Logger.getLogger("zoo");
  public static final DocumentBuilder PARSER;
  public static final HttpServer SERVER;
  public static final Selector SELECTOR;

  static {
    try {
      PARSER = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      SERVER = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      SERVER.start();
      SELECTOR = Selector.open();
    } catch (IOException | ParserConfigurationException e) {
      throw new ExceptionInInitializerError(e);
    }
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(new ConsoleHandler());
    BUSY.execute(Keeper::awaitClosed); // whatever else it is given waits
    POOL.prestartAllCoreThreads();
    GUESTS.prestartAllCoreThreads();
  }

  private Keeper() {}

  /** The handler of the host's own logger. */
  public static Handler handler() {
    return LOGGER.getHandlers()[0];
  }

  /** A day of the zoo's, for tasks that are not to run any more. */
  public static long day() {
    return 24L * 60 * 60 * 1000;
  }

  /** Comes back when the zoo is closed: never. */
  public static void awaitClosed() {
    try {
      CLOSED.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Daemon threads of that name. */
  public static ThreadFactory factory(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
