package dev.hotswap.itest.zoo;

/** Gives its caller its class loader. */
public class LoaderKept extends Tame {
  @Override
  public Object act() throws Exception {
    return getClass().getClassLoader();
  }
}
