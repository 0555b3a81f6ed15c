package dev.hotswap.itest.zoo;

/** Gives its caller an exception of its own class. */
public class OwnExceptionKept extends Tame {
  @Override
  public Object act() throws Exception {
    return new Bite();
  }

  private static final class Bite extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
