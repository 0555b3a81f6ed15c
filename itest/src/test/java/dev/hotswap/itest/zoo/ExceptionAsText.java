package dev.hotswap.itest.zoo;

/** Gives its caller the text of an exception. */
public class ExceptionAsText extends Tame {
  @Override
  public Object act() throws Exception {
    return new IllegalStateException("zoo").toString();
  }
}
