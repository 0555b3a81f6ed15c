package dev.hotswap.itest.zoo;

/** Gives its caller an empty array of its own class. */
public class ArrayKept extends Tame {
  @Override
  public Object act() throws Exception {
    return new ArrayKept[0];
  }
}
