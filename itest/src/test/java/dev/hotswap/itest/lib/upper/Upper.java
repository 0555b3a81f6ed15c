package dev.hotswap.itest.lib.upper;

import dev.hotswap.itest.lib.left.Left;
import org.osgi.framework.FrameworkUtil;

/** A library on a library. */
public final class Upper {
  private Upper() {}

  public static String version() {
    return "upper " + FrameworkUtil.getBundle(Upper.class).getVersion() + " on " + Left.version();
  }
}
