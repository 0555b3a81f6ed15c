package dev.hotswap.itest.zoo;

import java.util.ServiceLoader;

/** Uses a service loader and drops it. */
public class DroppedServiceLoader extends Tame {
  @Override
  public Object act() throws Exception {
    return ServiceLoader.load(Runnable.class, getClass().getClassLoader()).findFirst().isPresent();
  }
}
