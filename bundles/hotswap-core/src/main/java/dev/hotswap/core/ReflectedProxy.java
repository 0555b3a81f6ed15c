package dev.hotswap.core;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionStage;

/**
 * A proxy by reflection, for a contract that no generated class can implement. It does what those
 * do, see {@link LeasedProxy}, but packs arguments and takes a lease for whatever may answer a
 * stage.
 */
final class ReflectedProxy implements InvocationHandler {
  private final Handle<?> handle;

  private ReflectedProxy(Handle<?> handle) {
    this.handle = handle;
  }

  static <S> S of(Handle<S> handle) {
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
    return ProxyClass.mayReturnStage(method)
        ? invokeUntilComplete(method, arguments)
        : handle.<Object, Exception>with(service -> invokeOn(service, method, arguments));
  }

  private Object invokeOnSelf(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "proxy of " + handle.contract().getName();
    };
  }

  /** Pinned through a lease, because a stage may complete on another thread. */
  private Object invokeUntilComplete(Method method, Object[] arguments) throws Exception {
    Lease<?> lease = handle.lease();
    boolean pending = false;
    try {
      Object answer = invokeOn(lease.service(), method, arguments);
      if (answer instanceof CompletionStage<?> stage) {
        stage.whenComplete((value, thrown) -> lease.close());
        pending = true; // only now: a stage that takes no callbacks would never close the lease
      }
      return answer;
    } finally {
      if (!pending) {
        lease.close();
      }
    }
  }

  private static Object invokeOn(Object service, Method method, Object[] arguments)
      throws Exception {
    method.trySetAccessible(); // one of an interface that is not public
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      throw ReflectedProxy.<Exception>asThrown(e.getCause());
    }
  }

  @SuppressWarnings("unchecked") // erased: whatever the plugin threw passes through as it is
  private static <X extends Throwable> X asThrown(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
