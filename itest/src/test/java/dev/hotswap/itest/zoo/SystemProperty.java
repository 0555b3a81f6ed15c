package dev.hotswap.itest.zoo;

/** Leaves an object in the system properties. */
public class SystemProperty extends Tame {
  @Override
  public Object act() throws Exception {
    System.getProperties().put("zoo.object", new Object() {});
    return null;
  }
}
