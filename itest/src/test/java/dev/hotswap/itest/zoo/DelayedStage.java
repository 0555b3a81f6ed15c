package dev.hotswap.itest.zoo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Has the JDK run something in a day. */
public class DelayedStage extends Tame {
  @Override
  public Object act() throws Exception {
    CompletableFuture.runAsync(
        DelayedStage::sleepIn, CompletableFuture.delayedExecutor(1, TimeUnit.DAYS));
    return null;
  }

  private static void sleepIn() {}
}
