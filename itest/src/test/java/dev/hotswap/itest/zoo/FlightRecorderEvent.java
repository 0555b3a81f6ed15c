package dev.hotswap.itest.zoo;

import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;

/** Leaves a periodic event with the flight recorder. */
public class FlightRecorderEvent extends Tame {
  @Override
  public Object act() throws Exception {
    FlightRecorder.addPeriodicEvent(Roar.class, FlightRecorderEvent::roar);
    return null;
  }

  private static void roar() {}

  /** The event. */
  public static class Roar extends Event {}
}
