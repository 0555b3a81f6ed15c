package dev.hotswap.itest.zoo;

/** Gives its caller an object of its own class. */
public class ResultKept extends Tame {
  @Override
  public Object act() throws Exception {
    return new Cub();
  }

  private record Cub() {}
}
