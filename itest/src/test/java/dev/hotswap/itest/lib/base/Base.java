package dev.hotswap.itest.lib.base;

import org.osgi.framework.FrameworkUtil;

/** A library that others are built on. */
public final class Base {
  private Base() {}

  public static String version() {
    return "base " + FrameworkUtil.getBundle(Base.class).getVersion();
  }
}
