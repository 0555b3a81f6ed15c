package dev.hotswap.itest.zoo;

/** Gives its caller a class. */
public class ClassKept extends Tame {
  @Override
  public Object act() throws Exception {
    return getClass();
  }
}
