package dev.hotswap.itest.zoo;

/** Gives its caller a reflected method. */
public class MethodKept extends Tame {
  @Override
  public Object act() throws Exception {
    return getClass().getMethod("act");
  }
}
