package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** Has a pool of the host's start a thread while its code is on the stack. */
public class PoolThreadBornInside extends Tame {
  @Override
  public Object act() throws Exception {
    ThreadPoolExecutor pool =
        (ThreadPoolExecutor) Executors.newFixedThreadPool(1, Keeper.factory("zoo-born-inside"));
    pool.prestartAllCoreThreads();
    return pool;
  }
}
