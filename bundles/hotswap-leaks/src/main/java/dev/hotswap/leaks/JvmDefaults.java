package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.FileNameMap;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.URLConnection;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;

/**
 * What a JVM has only once and anybody may set. Where the generation's is still set, the value that
 * stood before is set again: the last one that was seen here and was not the generation's.
 */
final class JvmDefaults implements Sweep {
  // classes and no lambdas: a host makes them as it opens, and lambdas take the JVM longer
  private final List<JvmDefault<?>> all =
      List.of(
          new JvmDefault<Thread.UncaughtExceptionHandler>(
              "default uncaught exception handler", "Thread.setDefaultUncaughtExceptionHandler") {
            @Override
            Thread.UncaughtExceptionHandler get() {
              return Thread.getDefaultUncaughtExceptionHandler();
            }

            @Override
            void set(Thread.UncaughtExceptionHandler value) {
              Thread.setDefaultUncaughtExceptionHandler(value);
            }
          },
          new JvmDefault<ProxySelector>("default proxy selector", "ProxySelector.setDefault") {
            @Override
            ProxySelector get() {
              return ProxySelector.getDefault();
            }

            @Override
            void set(ProxySelector value) {
              ProxySelector.setDefault(value);
            }

            @Override
            ProxySelector ofTheJdk() {
              return ProxySelector.of(null);
            }
          },
          new JvmDefault<Authenticator>("default authenticator", "Authenticator.setDefault") {
            @Override
            Authenticator get() {
              return Authenticator.getDefault();
            }

            @Override
            void set(Authenticator value) {
              Authenticator.setDefault(value);
            }
          },
          new JvmDefault<CookieHandler>("default cookie handler", "CookieHandler.setDefault") {
            @Override
            CookieHandler get() {
              return CookieHandler.getDefault();
            }

            @Override
            void set(CookieHandler value) {
              CookieHandler.setDefault(value);
            }
          },
          new JvmDefault<ResponseCache>("default response cache", "ResponseCache.setDefault") {
            @Override
            ResponseCache get() {
              return ResponseCache.getDefault();
            }

            @Override
            void set(ResponseCache value) {
              ResponseCache.setDefault(value);
            }
          },
          new JvmDefault<FileNameMap>("file name map", "URLConnection.setFileNameMap") {
            @Override
            FileNameMap get() {
              return URLConnection.getFileNameMap();
            }

            @Override
            void set(FileNameMap value) {
              URLConnection.setFileNameMap(value);
            }

            @Override
            void remember() {
              // to ask has a file read; once forgotten it is made anew, for whoever asks next
            }
          },
          new JvmDefault<HostnameVerifier>(
              "default host name verifier", "HttpsURLConnection.setDefaultHostnameVerifier") {
            @Override
            HostnameVerifier get() {
              return HttpsURLConnection.getDefaultHostnameVerifier();
            }

            @Override
            void set(HostnameVerifier value) {
              HttpsURLConnection.setDefaultHostnameVerifier(value);
            }

            @Override
            HostnameVerifier ofTheJdk() {
              return (host, session) -> false; // as strict as the JDK's, which asks it last
            }
          },
          new JvmDefault<InputStream>("System.in", "System.setIn") {
            @Override
            InputStream get() {
              return System.in;
            }

            @Override
            void set(InputStream value) {
              System.setIn(value);
            }

            @Override
            InputStream ofTheJdk() {
              return new FileInputStream(FileDescriptor.in);
            }
          },
          new JvmDefault<PrintStream>("System.out", "System.setOut") {
            @Override
            PrintStream get() {
              return System.out;
            }

            @Override
            void set(PrintStream value) {
              System.setOut(value);
            }

            @Override
            PrintStream ofTheJdk() {
              return new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            }
          },
          new JvmDefault<PrintStream>("System.err", "System.setErr") {
            @Override
            PrintStream get() {
              return System.err;
            }

            @Override
            void set(PrintStream value) {
              System.setErr(value);
            }

            @Override
            PrintStream ofTheJdk() {
              return new PrintStream(new FileOutputStream(FileDescriptor.err), true);
            }
          });

  JvmDefaults() {
    for (JvmDefault<?> each : all) {
      each.remember();
    }
  }

  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    for (JvmDefault<?> each : all) {
      each.undo(own, found);
    }
  }
}
