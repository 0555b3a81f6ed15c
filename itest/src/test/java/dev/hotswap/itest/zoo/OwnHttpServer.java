package dev.hotswap.itest.zoo;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Leaves an HTTP server running. */
public class OwnHttpServer extends Tame {
  @Override
  public Object act() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/own", exchange -> exchange.close());
    server.start();
    return null;
  }
}
