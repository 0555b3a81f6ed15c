package dev.hotswap.itest.zoo;

import java.lang.reflect.Proxy;

/** Makes a proxy of a type of the JDK's and drops it. */
public class DroppedProxy extends Tame {
  @Override
  public Object act() throws Exception {
    Runnable proxy =
        (Runnable)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Runnable.class},
                (self, method, arguments) -> null);
    proxy.run();
    return null;
  }
}
