package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.URLConnection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;

/**
 * What a JVM has only once and anybody may set. Where the generation's is still set, the value that
 * stood before is set again: the last one that was seen here and was not the generation's.
 */
final class JvmDefaults implements Sweep {
  private final List<JvmDefault<?>> all =
      List.of(
          standing(
              "default uncaught exception handler",
              Thread::getDefaultUncaughtExceptionHandler,
              Thread::setDefaultUncaughtExceptionHandler,
              () -> null,
              "Thread.setDefaultUncaughtExceptionHandler"),
          standing(
              "default proxy selector",
              ProxySelector::getDefault,
              ProxySelector::setDefault,
              () -> ProxySelector.of(null),
              "ProxySelector.setDefault"),
          standing(
              "default authenticator",
              Authenticator::getDefault,
              Authenticator::setDefault,
              () -> null,
              "Authenticator.setDefault"),
          standing(
              "default cookie handler",
              CookieHandler::getDefault,
              CookieHandler::setDefault,
              () -> null,
              "CookieHandler.setDefault"),
          standing(
              "default response cache",
              ResponseCache::getDefault,
              ResponseCache::setDefault,
              () -> null,
              "ResponseCache.setDefault"),
          new JvmDefault<>(
              "file name map",
              URLConnection::getFileNameMap,
              URLConnection::setFileNameMap,
              () -> null, // it is made anew when it is asked for
              "URLConnection.setFileNameMap"),
          standing(
              "default host name verifier",
              HttpsURLConnection::getDefaultHostnameVerifier,
              HttpsURLConnection::setDefaultHostnameVerifier,
              () -> (host, session) -> false, // as strict as the JDK's, which asks it last
              "HttpsURLConnection.setDefaultHostnameVerifier"),
          standing(
              "System.in",
              () -> System.in,
              System::setIn,
              () -> new FileInputStream(FileDescriptor.in),
              "System.setIn"),
          standing(
              "System.out",
              () -> System.out,
              System::setOut,
              () -> new PrintStream(new FileOutputStream(FileDescriptor.out), true),
              "System.setOut"),
          standing(
              "System.err",
              () -> System.err,
              System::setErr,
              () -> new PrintStream(new FileOutputStream(FileDescriptor.err), true),
              "System.setErr"));

  /** One whose present value is what to go back to: no plugin has run yet. */
  private static <T> JvmDefault<T> standing(
      String name, Supplier<T> get, Consumer<T> set, Supplier<T> fallback, String setter) {
    T now = get.get();
    return new JvmDefault<>(name, get, set, isForEver(now) ? () -> now : fallback, setter);
  }

  /** Whether its class, at least, is no plugin's of another host. */
  private static boolean isForEver(Object value) {
    ClassLoader loader = value == null ? null : value.getClass().getClassLoader();
    return loader == null
        || loader == ClassLoader.getPlatformClassLoader()
        || loader == ClassLoader.getSystemClassLoader() && !Proxy.isProxyClass(value.getClass());
  }

  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    all.forEach(each -> each.undo(own, found));
  }
}
