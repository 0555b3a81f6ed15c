package dev.hotswap.itest.zoo;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

/** Leaves a default proxy selector. */
public class DefaultProxySelector extends Tame {
  @Override
  public Object act() throws Exception {
    ProxySelector.setDefault(new Guide());
    return null;
  }

  private static final class Guide extends ProxySelector {
    @Override
    public List<Proxy> select(URI uri) {
      return List.of(Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {}
  }
}
