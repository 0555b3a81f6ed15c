package dev.hotswap.itest.zoo;

import java.io.ObjectStreamClass;
import java.io.Serializable;

/** Has the JDK cache how its class is serialized. */
public class SerialClasses extends Tame {
  @Override
  public Object act() throws Exception {
    ObjectStreamClass.lookup(Frozen.class).getFields();
    return null;
  }

  private record Frozen(String name) implements Serializable {}
}
