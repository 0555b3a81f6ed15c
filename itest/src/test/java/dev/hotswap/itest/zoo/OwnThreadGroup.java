package dev.hotswap.itest.zoo;

/** Leaves a thread group of its own class. */
public class OwnThreadGroup extends Tame {
  @Override
  public Object act() throws Exception {
    new Pack();
    return null;
  }

  private static final class Pack extends ThreadGroup {
    Pack() {
      super("zoo-pack");
    }
  }
}
