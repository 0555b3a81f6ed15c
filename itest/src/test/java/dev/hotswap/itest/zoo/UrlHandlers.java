package dev.hotswap.itest.zoo;

import java.net.URL;

/** Leaves the factory of URL handlers, which can be set once. */
public class UrlHandlers extends Tame {
  @Override
  public Object act() throws Exception {
    URL.setURLStreamHandlerFactory(protocol -> null);
    return null;
  }
}
