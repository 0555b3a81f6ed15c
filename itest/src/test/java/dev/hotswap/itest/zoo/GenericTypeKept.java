package dev.hotswap.itest.zoo;

import java.util.function.Supplier;

/** Gives its caller a generic type of its own. */
public class GenericTypeKept extends Tame {
  @Override
  public Object act() throws Exception {
    return Litter.class.getGenericInterfaces()[0];
  }

  private abstract static class Litter implements Supplier<Litter> {}
}
