package dev.hotswap.itest;

import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;
import java.util.logging.Logger;

/**
 * Run as a process, with {@code java.lang} and {@code java.net} opened: compares what a JVM has
 * only once before, during and after the life of a host.
 */
final class LeavesNoTrace {
  private LeavesNoTrace() {}

  public static void main(String[] plugins) throws Exception {
    TimeZone.getDefault(); // the JDK sets user.timezone when it is first asked
    state();
    Map<String, String> before = state();
    try (Host host = Hosts.builder().share(Greeter.class).open()) {
      for (String plugin : plugins) {
        host.swap(Path.of(plugin));
        System.out.println(host.handle(Greeter.class).proxy().version());
      }
      say("open", before);
      System.out.println("temporary " + temporary().length);
    }
    say("closed", before);
    System.out.println("temporary " + temporary().length);
  }

  private static String[] temporary() {
    return new File(System.getProperty("java.io.tmpdir")).list();
  }

  private static void say(String when, Map<String, String> before) throws Exception {
    Map<String, String> now = state();
    System.out.println(when + ": compared " + now.keySet());
    now.forEach(
        (name, value) -> {
          if (!value.equals(before.get(name))) {
            System.out.println(
                when + ": changed " + name + " from " + before.get(name) + " to " + value);
          }
        });
  }

  private static Map<String, String> state() throws Exception {
    Map<String, String> state = new LinkedHashMap<>();
    state.put("properties", sorted(((Properties) System.getProperties().clone()).entrySet()));
    state.put("in", identity(System.in));
    state.put("out", identity(System.out));
    state.put("err", identity(System.err));
    state.put("uncaught", identity(Thread.getDefaultUncaughtExceptionHandler()));
    state.put("context", identity(Thread.currentThread().getContextClassLoader()));
    state.put("hooks", sorted(hooks()));
    state.put("urls", identity(hidden(URL.class.getName(), "factory")));
    state.put("content", identity(hidden(URLConnection.class.getName(), "factory")));
    state.put("proxies", identity(ProxySelector.getDefault()));
    state.put("authenticator", identity(Authenticator.getDefault()));
    state.put("cookies", identity(CookieHandler.getDefault()));
    state.put("responses", identity(ResponseCache.getDefault()));
    state.put("providers", Arrays.toString(Security.getProviders()));
    state.put("locale", Locale.getDefault().toString());
    state.put("zone", TimeZone.getDefault().getID());
    state.put("logging", Arrays.toString(Logger.getLogger("").getHandlers()));
    state.put("beans", sorted(ManagementFactory.getPlatformMBeanServer().queryNames(null, null)));
    return state;
  }

  private static Set<?> hooks() throws ReflectiveOperationException {
    return ((Map<?, ?>) hidden("java.lang.ApplicationShutdownHooks", "hooks")).keySet();
  }

  private static String sorted(Set<?> things) {
    return things.stream().map(String::valueOf).sorted().toList().toString();
  }

  private static Object hidden(String type, String name) throws ReflectiveOperationException {
    Field field = Class.forName(type).getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }

  private static String identity(Object object) {
    return object == null
        ? "none"
        : object.getClass().getName() + "@" + System.identityHashCode(object);
  }
}
