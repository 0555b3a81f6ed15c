package dev.hotswap.itest.zoo;

/** Has native code keep a reference to it. */
public class JniReference extends Tame {
  @Override
  public Object act() throws Exception {
    System.load(System.getProperty("zoo.jni"));
    keep(this);
    return null;
  }

  private static native void keep(Object object);
}
