package dev.hotswap.itest.zoo;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Gives its caller an annotation. */
public class AnnotationKept extends Tame {
  @Override
  public Object act() throws Exception {
    return Spotted.class.getAnnotation(Rare.class);
  }

  @Retention(RetentionPolicy.RUNTIME)
  private @interface Rare {}

  @Rare
  private static final class Spotted {}
}
