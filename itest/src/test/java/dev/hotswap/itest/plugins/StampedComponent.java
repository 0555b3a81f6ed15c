package dev.hotswap.itest.plugins;

import org.osgi.framework.FrameworkUtil;

/** As {@link StampedActivator}'s greeter, made by Declarative Services. */
public class StampedComponent extends OpenGreeter {
  public StampedComponent() {
    super(StampedActivator.stamp(FrameworkUtil.getBundle(StampedComponent.class)));
  }

  public void deactivate() {
    close();
  }
}
