package dev.hotswap.itest.lib.left;

import dev.hotswap.itest.lib.base.Base;
import org.osgi.framework.FrameworkUtil;

/** A library on a library. */
public final class Left {
  private Left() {}

  public static String version() {
    return "left " + FrameworkUtil.getBundle(Left.class).getVersion() + " on " + Base.version();
  }
}
