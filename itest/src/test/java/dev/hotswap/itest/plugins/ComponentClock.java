package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import org.osgi.framework.FrameworkUtil;

/** The end of a chain of components; works while it is active. */
public class ComponentClock implements Clock {
  private final String version =
      FrameworkUtil.getBundle(ComponentClock.class).getVersion().toString();
  private volatile boolean active = true;

  public void deactivate() {
    active = false;
  }

  @Override
  public String version() {
    if (!active) {
      throw new IllegalStateException("called after its deactivation: " + version);
    }
    return LateLoaded.suffix(version);
  }
}
