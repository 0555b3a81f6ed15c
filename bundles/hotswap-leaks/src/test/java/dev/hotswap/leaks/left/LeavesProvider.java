package dev.hotswap.leaks.left;

import java.security.Provider;
import java.security.Security;

/** Registers a security provider. */
public class LeavesProvider implements Runnable {
  @Override
  public void run() {
    Security.addProvider(new Own("Left" + System.identityHashCode(getClass().getClassLoader())));
  }

  private static final class Own extends Provider {
    private static final long serialVersionUID = 1L;

    Own(String name) {
      super(name, "1", "for a test");
    }
  }
}
