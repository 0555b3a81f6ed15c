package dev.hotswap.itest.zoo;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Leaves an MBean in a wrapper of the JDK's, which does not say whose it is. */
public class WrappedMBean extends Tame {
  @Override
  public Object act() throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .registerMBean(
            new StandardMBean(new Chip(), ChipMBean.class), new ObjectName("zoo:type=Wrapped"));
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
