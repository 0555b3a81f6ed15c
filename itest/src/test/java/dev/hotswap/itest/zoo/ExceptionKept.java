package dev.hotswap.itest.zoo;

/** Gives its caller an exception of the JDK's class, made in its code. */
public class ExceptionKept extends Tame {
  @Override
  public Object act() throws Exception {
    return new IllegalStateException("zoo");
  }
}
