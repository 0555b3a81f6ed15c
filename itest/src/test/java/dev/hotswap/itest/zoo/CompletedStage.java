package dev.hotswap.itest.zoo;

import java.util.concurrent.CompletableFuture;

/** Has a stage of its own that has completed. */
public class CompletedStage extends Tame {
  @Override
  public Object act() throws Exception {
    CompletableFuture<String> food = new CompletableFuture<>();
    CompletableFuture<Integer> eaten = food.thenApply(String::length);
    food.complete("leaves");
    return eaten.get();
  }
}
