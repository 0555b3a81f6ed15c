package dev.hotswap.leaks.left;

import javax.management.JMException;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.MXBean;
import javax.management.ObjectName;

/** Registers itself as an MBean of every server. */
public class LeavesMBean implements Runnable {
  @Override
  public void run() {
    try {
      String name = "left:loader=" + System.identityHashCode(getClass().getClassLoader());
      for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
        server.registerMBean(bean(), new ObjectName(name));
      }
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  Object bean() {
    return new Bean();
  }

  /** Its management interface, by the JDK's rule for names. */
  @MXBean
  public interface Managed {
    /** Its attribute. */
    int getCount();
  }

  static class Bean implements Managed {
    @Override
    public int getCount() {
      return 1;
    }
  }

  /** Does not let itself be unregistered. */
  static class Stubborn extends Bean implements MBeanRegistration {
    @Override
    public ObjectName preRegister(MBeanServer server, ObjectName name) {
      return name;
    }

    @Override
    public void postRegister(Boolean done) {}

    @Override
    public void preDeregister() {
      if (Boolean.getBoolean("dev.hotswap.leaks.stubborn")) {
        throw new IllegalStateException("not now");
      }
    }

    @Override
    public void postDeregister() {}
  }
}
