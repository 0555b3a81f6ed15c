package dev.hotswap.itest.zoo;

/** Is kept by its caller. */
public class ServiceKept extends Tame {
  @Override
  public Object act() throws Exception {
    return this;
  }
}
