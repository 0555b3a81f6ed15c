package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.security.Provider;
import java.security.Security;
import java.util.function.Consumer;

/** Security providers whose class is the generation's. */
final class SecurityProviders implements Sweep {
  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    for (Provider provider : Security.getProviders()) {
      if (own.has(provider)) {
        String name = provider.getName(); // final, and unique among those that are registered
        Security.removeProvider(name);
        found.accept(
            new Leftover(
                Leftover.Kind.SECURITY_PROVIDER,
                "security provider " + name + ", " + Own.name(provider),
                true,
                "in stop(): java.security.Security.removeProvider(\"" + name + "\")"));
      }
    }
  }
}
