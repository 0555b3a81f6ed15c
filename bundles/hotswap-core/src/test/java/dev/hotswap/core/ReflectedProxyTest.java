package dev.hotswap.core;

import dev.hotswap.api.Handle;

/** The proxy by reflection does what the generated one does. */
class ReflectedProxyTest extends ProxyTest {
  @Override
  <S> S proxyOf(Handle<S> of) {
    return ReflectedProxy.of((SlotHandle<S>) of);
  }
}
