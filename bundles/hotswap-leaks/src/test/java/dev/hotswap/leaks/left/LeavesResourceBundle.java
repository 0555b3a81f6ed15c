package dev.hotswap.leaks.left;

import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.ResourceBundle;

/** Has the JDK cache a resource bundle of its own class. */
public class LeavesResourceBundle implements Runnable {
  @Override
  public void run() {
    ClassLoader loader = getClass().getClassLoader();
    ResourceBundle.getBundle(Words.class.getName(), Locale.ROOT, loader).getString("left");
  }

  /** Found by its name. */
  public static final class Words extends ListResourceBundle {
    /** Made by the JDK. */
    public Words() {}

    @Override
    protected Object[][] getContents() {
      return new Object[][] {{"left", "behind"}};
    }
  }
}
