package dev.hotswap.itest.zoo;

import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;

/** Reads its own jar by a URL that the JDK caches. */
public class CachedJarUrl extends Tame {
  @Override
  public Object act() throws Exception {
    URL url = new URL(System.getProperty("zoo.jar"));
    URLConnection connection = url.openConnection();
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes().length;
    }
  }
}
