package dev.hotswap.itest.zoo;

import javax.naming.spi.NamingManager;

/** Leaves the builder of naming factories, which can be set once. */
public class NamingFactories extends Tame {
  @Override
  public Object act() throws Exception {
    NamingManager.setObjectFactoryBuilder((reference, environment) -> null);
    return null;
  }
}
