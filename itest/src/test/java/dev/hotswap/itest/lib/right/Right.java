package dev.hotswap.itest.lib.right;

import dev.hotswap.itest.lib.base.Base;
import org.osgi.framework.FrameworkUtil;

/** A library on a library. */
public final class Right {
  private Right() {}

  public static String version() {
    return "right " + FrameworkUtil.getBundle(Right.class).getVersion() + " on " + Base.version();
  }
}
