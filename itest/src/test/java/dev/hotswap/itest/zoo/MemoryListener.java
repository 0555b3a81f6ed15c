package dev.hotswap.itest.zoo;

import java.lang.management.ManagementFactory;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/** Leaves a listener with the JVM's memory bean. */
public class MemoryListener extends Tame {
  @Override
  public Object act() throws Exception {
    NotificationEmitter memory = (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    memory.addNotificationListener(new Ear(), null, null);
    return null;
  }

  private static final class Ear implements NotificationListener {
    @Override
    public void handleNotification(Notification notification, Object handback) {}
  }
}
