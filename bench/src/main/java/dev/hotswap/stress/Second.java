package dev.hotswap.stress;

/** Another contract. */
interface Second {
  Tenant tenant();
}
