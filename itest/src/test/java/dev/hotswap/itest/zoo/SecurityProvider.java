package dev.hotswap.itest.zoo;

import java.security.Provider;
import java.security.Security;

/** Leaves a security provider. */
public class SecurityProvider extends Tame {
  @Override
  public Object act() throws Exception {
    Security.addProvider(new Guard());
    return null;
  }

  private static final class Guard extends Provider {
    private static final long serialVersionUID = 1L;

    Guard() {
      super("ZooGuard", "1", "of a test");
    }
  }
}
