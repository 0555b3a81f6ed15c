package dev.hotswap.stress;

/** A contract. */
interface First {
  Tenant tenant();
}
