package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.util.function.Consumer;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * MBeans, in every server of this JVM that can be found, whose class is the generation's. One that
 * is wrapped into a class of the JDK's, as by {@link javax.management.StandardMBean}, tells nobody
 * whose it is.
 */
final class MBeans implements Sweep {
  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
      for (ObjectName name : server.queryNames(null, null)) {
        if (isOf(own, server, name)) {
          String failure = unregister(server, name);
          found.accept(
              new Leftover(
                  Leftover.Kind.MBEAN,
                  "MBean " + name + failure,
                  failure.isEmpty(),
                  "in stop(): MBeanServer.unregisterMBean(new ObjectName(\"" + name + "\"))"));
        }
      }
    }
  }

  private static boolean isOf(Own own, MBeanServer server, ObjectName name) {
    try {
      return own.isLoader(server.getClassLoaderFor(name));
    } catch (InstanceNotFoundException e) {
      return false; // unregistered meanwhile
    }
  }

  private static String unregister(MBeanServer server, ObjectName name) {
    try {
      server.unregisterMBean(name);
      return "";
    } catch (JMException | RuntimeException e) {
      return server.isRegistered(name) ? ", not let go of: " + e.getClass().getName() : "";
    }
  }
}
