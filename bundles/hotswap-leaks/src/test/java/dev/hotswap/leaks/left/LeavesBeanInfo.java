package dev.hotswap.leaks.left;

import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.SimpleBeanInfo;

/** Has the JDK cache what its own bean information says, in two thread groups. */
public class LeavesBeanInfo implements Runnable {
  private static final ThreadGroup GROUP = new ThreadGroup("left-beans");

  @Override
  public void run() {
    introspect();
    Thread thread = new Thread(GROUP, LeavesBeanInfo::introspect, "left-beans");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void introspect() {
    try {
      Introspector.getBeanInfo(Bean.class);
    } catch (IntrospectionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A bean. */
  public static final class Bean {}

  /** Found by its name. */
  public static final class BeanBeanInfo extends SimpleBeanInfo {
    /** Made by the JDK. */
    public BeanBeanInfo() {}
  }
}
