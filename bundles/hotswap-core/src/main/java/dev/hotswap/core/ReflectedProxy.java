package dev.hotswap.core;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * A proxy by reflection, for a contract that no generated class can implement. It takes the steps
 * that those take, see {@link LeasedProxy}, but packs arguments.
 */
final class ReflectedProxy implements InvocationHandler {
  private final SlotHandle<?> handle;

  private ReflectedProxy(SlotHandle<?> handle) {
    this.handle = handle;
  }

  static <S> S of(SlotHandle<S> handle) {
    Class<S> contract = handle.contract();
    return contract.cast(
        Proxy.newProxyInstance(
            contract.getClassLoader(), new Class<?>[] {contract}, new ReflectedProxy(handle)));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return invokeOnSelf(proxy, method, arguments);
    }
    Binding<?> seen = handle.look();
    long seat = handle.tryEnterOwner(seen);
    Binding<?> entered = Pins.isSeat(seat) ? seen : handle.enterShared();
    Object answer = invokeInside(entered, seat, method, arguments);
    if (ProxyClass.mayReturnStage(method)) {
      LeasedProxy.leave(answer, entered, seat);
    } else {
      LeasedProxy.leave(entered, seat);
    }
    return answer;
  }

  private static Object invokeInside(
      Binding<?> entered, long seat, Method method, Object[] arguments) throws Throwable {
    try {
      return invokeOn(entered.service, method, arguments);
    } catch (Throwable thrown) {
      throw LeasedProxy.failed(thrown, entered, seat);
    }
  }

  private Object invokeOnSelf(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "proxy of " + handle.contract().getName();
    };
  }

  private static Object invokeOn(Object service, Method method, Object[] arguments)
      throws Throwable {
    method.trySetAccessible(); // one of an interface that is not public
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause(); // whatever the plugin threw passes through as it is
    }
  }
}
