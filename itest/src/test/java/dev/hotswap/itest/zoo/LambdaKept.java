package dev.hotswap.itest.zoo;

import java.util.function.Supplier;

/** Gives its caller a lambda. */
public class LambdaKept extends Tame {
  @Override
  public Object act() throws Exception {
    return (Supplier<Object>) () -> "roar";
  }
}
