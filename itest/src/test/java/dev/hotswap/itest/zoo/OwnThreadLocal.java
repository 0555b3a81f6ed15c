package dev.hotswap.itest.zoo;

/** Leaves a value in a thread local of its own. */
public class OwnThreadLocal extends Tame {
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  @Override
  public Object act() throws Exception {
    LOCAL.set(new Value());
    return null;
  }

  private static final class Value {}
}
