package dev.hotswap.itest.zoo;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Gives its caller a proxy with a handler of its own. */
public class ProxyKept extends Tame {
  @Override
  public Object act() throws Exception {
    return Proxy.newProxyInstance(
        Runnable.class.getClassLoader(), new Class<?>[] {Runnable.class}, new Trick());
  }

  private static final class Trick implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return null;
    }
  }
}
