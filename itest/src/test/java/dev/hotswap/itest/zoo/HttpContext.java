package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;

/** Leaves a context with the host's HTTP server. */
public class HttpContext extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.SERVER.createContext("/zoo", exchange -> exchange.close());
    return null;
  }
}
