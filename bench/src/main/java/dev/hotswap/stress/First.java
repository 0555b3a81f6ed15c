package dev.hotswap.stress;

import java.util.concurrent.CompletableFuture;

/** A contract. */
interface First {
  Tenant tenant();

  default int visitTenant() {
    return tenant().visit();
  }

  default Stay stay() {
    return new Stay(tenant());
  }

  /** A visit that goes on after the call, until it is completed. */
  final class Stay extends CompletableFuture<Void> {
    final Tenant tenant;

    Stay(Tenant tenant) {
      this.tenant = tenant;
    }
  }
}
