package dev.hotswap.itest.zoo;

import java.util.ServiceLoader;

/** Gives its caller a service loader that looks through its class loader. */
public class ServiceLoaderKept extends Tame {
  @Override
  public Object act() throws Exception {
    return ServiceLoader.load(Runnable.class, getClass().getClassLoader());
  }
}
