package dev.hotswap.itest.zoo;

import java.util.List;
import java.util.Optional;

/** Gives its caller values of the JDK's classes only. */
public class TextResult extends Tame {
  @Override
  public Object act() throws Exception {
    return List.of("text", 7, new int[] {1}, Optional.of("zoo"));
  }
}
