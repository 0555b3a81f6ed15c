package dev.hotswap.itest.zoo;

import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.ResourceBundle;

/** Has the JDK cache a resource bundle of its own. */
public class CachedBundle extends Tame {
  @Override
  public Object act() throws Exception {
    ResourceBundle.getBundle(Signs.class.getName(), Locale.ROOT, getClass().getClassLoader());
    return null;
  }

  /** Found by its name. */
  public static final class Signs extends ListResourceBundle {
    /** Made by the JDK. */
    public Signs() {}

    @Override
    protected Object[][] getContents() {
      return new Object[][] {{"zoo", "this way"}};
    }
  }
}
