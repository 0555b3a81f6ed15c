package dev.hotswap.itest.contract;

/** A contract that is a class. */
public abstract class Board {
  public abstract String version();
}
