package dev.hotswap.itest.zoo;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Gives its caller a method handle. */
public class MethodHandleKept extends Tame {
  @Override
  public Object act() throws Exception {
    return MethodHandles.lookup()
        .findVirtual(MethodHandleKept.class, "purr", MethodType.methodType(String.class));
  }

  /** What it leads to. */
  public String purr() {
    return "purr";
  }
}
