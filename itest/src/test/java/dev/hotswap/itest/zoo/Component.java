package dev.hotswap.itest.zoo;

/** A component of Declarative Services, whose service a library bundle keeps for good. */
public class Component implements Runnable {
  @Override
  public void run() {}
}
