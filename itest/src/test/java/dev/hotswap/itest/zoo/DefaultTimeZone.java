package dev.hotswap.itest.zoo;

import java.util.SimpleTimeZone;
import java.util.TimeZone;

/** Leaves a time zone of its own class. */
public class DefaultTimeZone extends Tame {
  @Override
  public Object act() throws Exception {
    TimeZone.setDefault(new ZooTime());
    return null;
  }

  private static final class ZooTime extends SimpleTimeZone {
    private static final long serialVersionUID = 1L;

    ZooTime() {
      super(0, "UTC");
    }
  }
}
