package dev.hotswap.itest.zoo;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/** Leaves the default factory of TLS sockets. */
public class SocketFactory extends Tame {
  @Override
  public Object act() throws Exception {
    HttpsURLConnection.setDefaultSSLSocketFactory(new Plugs());
    return null;
  }

  private static final class Plugs extends SSLSocketFactory {
    @Override
    public String[] getDefaultCipherSuites() {
      return new String[0];
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return new String[0];
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean close) {
      return null;
    }

    @Override
    public Socket createSocket(String host, int port) {
      return null;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      return null;
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      return null;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      return null;
    }
  }
}
