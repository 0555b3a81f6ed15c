package dev.hotswap.itest.zoo;

import java.beans.Introspector;
import java.beans.SimpleBeanInfo;

/** Has the JDK cache its own bean information. */
public class BeanInformation extends Tame {
  @Override
  public Object act() throws Exception {
    Introspector.getBeanInfo(Bean.class);
    return null;
  }

  /** A bean. */
  public static final class Bean {}

  /** Found by its name. */
  public static final class BeanBeanInfo extends SimpleBeanInfo {
    /** Made by the JDK. */
    public BeanBeanInfo() {}
  }
}
