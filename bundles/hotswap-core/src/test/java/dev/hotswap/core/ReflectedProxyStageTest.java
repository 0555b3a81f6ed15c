package dev.hotswap.core;

import dev.hotswap.api.Handle;

/** A stage keeps its generation by reflection too. */
class ReflectedProxyStageTest extends ProxyStageTest {
  @Override
  <S> S proxyOf(Handle<S> of) {
    return ReflectedProxy.of((SlotHandle<S>) of);
  }
}
