package dev.hotswap.osgi.library;

import org.osgi.framework.FrameworkUtil;

/** A library's class. */
public final class Phrase {
  private Phrase() {}

  /** The bundle version of the library. */
  public static String text() {
    return FrameworkUtil.getBundle(Phrase.class).getVersion().toString();
  }
}
