package dev.hotswap.itest.zoo;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.osgi.framework.BundleContext;

/** Unregisters its MBean in stop. */
public class UnregisteredMBean extends Tame {
  @Override
  public Object act() throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .registerMBean(new Chip(), new ObjectName("zoo:type=Unregistered"));
    return null;
  }

  @Override
  public void stop(BundleContext context) throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .unregisterMBean(new ObjectName("zoo:type=Unregistered"));
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
