package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** Leaves an HTTP connection for the JDK to keep alive. */
public class KeptAliveConnection extends Tame {
  @Override
  public Object act() throws Exception {
    int port = Keeper.SERVER.getAddress().getPort();
    URL url = new URL("http://127.0.0.1:" + port + "/none");
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    int code = connection.getResponseCode();
    try (InputStream in = connection.getErrorStream()) {
      in.readAllBytes();
    }
    return code;
  }
}
