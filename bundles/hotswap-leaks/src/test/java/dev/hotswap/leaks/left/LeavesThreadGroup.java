package dev.hotswap.leaks.left;

/** Leaves a thread group of its own class behind, with a thread in it for as long as it is told. */
public class LeavesThreadGroup implements Runnable {
  @Override
  public void run() {
    new Workers("left-workers");
  }

  private static final class Workers extends ThreadGroup {
    Workers(String name) {
      super(name);
    }
  }
}
