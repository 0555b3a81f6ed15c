package dev.hotswap.leaks.left;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.Authenticator;
import java.net.CacheRequest;
import java.net.CacheResponse;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLConnection;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/** Sets every default of the JVM's, one of them to a proxy. */
public class LeavesDefaults implements Runnable {
  @Override
  public void run() {
    Thread.setDefaultUncaughtExceptionHandler(
        (Thread.UncaughtExceptionHandler)
            Proxy.newProxyInstance(
                ClassLoader.getSystemClassLoader(),
                new Class<?>[] {Thread.UncaughtExceptionHandler.class},
                (proxy, method, arguments) -> null));
    ProxySelector.setDefault(new Proxies());
    Authenticator.setDefault(new Authenticator() {});
    CookieHandler.setDefault(new Cookies());
    ResponseCache.setDefault(new Responses());
    URLConnection.setFileNameMap(name -> null);
    HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> false);
    System.setIn(new In());
    System.setOut(new Out());
    System.setErr(new Out());
  }

  private static final class Proxies extends ProxySelector {
    @Override
    public List<java.net.Proxy> select(URI uri) {
      return List.of();
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {}
  }

  private static final class Cookies extends CookieHandler {
    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
      return Map.of();
    }

    @Override
    public void put(URI uri, Map<String, List<String>> headers) {}
  }

  private static final class Responses extends ResponseCache {
    @Override
    public CacheResponse get(URI uri, String method, Map<String, List<String>> headers) {
      return null;
    }

    @Override
    public CacheRequest put(URI uri, URLConnection connection) {
      return null;
    }
  }

  private static final class In extends InputStream {
    @Override
    public int read() {
      return -1;
    }
  }

  private static final class Out extends PrintStream {
    Out() {
      super(OutputStream.nullOutputStream());
    }
  }
}
