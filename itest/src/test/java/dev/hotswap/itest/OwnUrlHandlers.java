package dev.hotswap.itest;

import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.TimeZone;

/** Run as a process: an embedder that sets the JVM's one URL handler factory after opening. */
final class OwnUrlHandlers {
  private OwnUrlHandlers() {}

  public static void main(String[] arguments) throws Exception {
    TimeZone.getDefault(); // the JDK sets user.timezone when it is first asked
    Properties before = (Properties) System.getProperties().clone();
    try (Host host = Host.builder().standby(Duration.ZERO).share(Greeter.class).open()) {
      host.swap(Path.of(arguments[0]));
      URL.setURLStreamHandlerFactory(protocol -> protocol.equals("itest") ? new Handler() : null);
      URL url = new URL("itest:anything");
      System.out.println(url.openConnection().getContentType());
      System.out.println(host.handle(Greeter.class).with(Greeter::version));
    }
    Properties changed = (Properties) System.getProperties().clone();
    changed.entrySet().removeAll(before.entrySet());
    System.out.println("changed properties: " + changed);
    System.out.println("done");
  }

  private static final class Handler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() throws IOException {
          connected = true;
        }

        @Override
        public String getContentType() {
          return "the embedder's";
        }
      };
    }
  }
}
