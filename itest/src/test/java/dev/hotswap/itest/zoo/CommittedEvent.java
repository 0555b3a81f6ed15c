package dev.hotswap.itest.zoo;

import jdk.jfr.Event;

/** Commits an event to the flight recorder. */
public class CommittedEvent extends Tame {
  @Override
  public Object act() throws Exception {
    new Roar().commit();
    return null;
  }

  /** The event. */
  public static class Roar extends Event {}
}
