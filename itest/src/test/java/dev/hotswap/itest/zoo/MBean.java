package dev.hotswap.itest.zoo;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;

/** Leaves an MBean. */
public class MBean extends Tame {
  @Override
  public Object act() throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .registerMBean(new Chip(), new ObjectName("zoo:type=Chip"));
    return null;
  }

  /** What is managed. */
  public interface ChipMBean {
    /** An attribute. */
    int getLegs();
  }

  /** The managed one. */
  public static final class Chip implements ChipMBean {
    @Override
    public int getLegs() {
      return 4;
    }
  }
}
