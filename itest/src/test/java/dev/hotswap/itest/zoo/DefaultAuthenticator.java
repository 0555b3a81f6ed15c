package dev.hotswap.itest.zoo;

import java.net.Authenticator;

/** Leaves a default authenticator. */
public class DefaultAuthenticator extends Tame {
  @Override
  public Object act() throws Exception {
    Authenticator.setDefault(new Doorman());
    return null;
  }

  private static final class Doorman extends Authenticator {}
}
