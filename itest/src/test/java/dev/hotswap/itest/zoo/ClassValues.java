package dev.hotswap.itest.zoo;

/** Leaves a value with a class of the JDK's. */
public class ClassValues extends Tame {
  private static final ClassValue<Object> TAGS =
      new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> type) {
          return new Tag();
        }
      };

  @Override
  public Object act() throws Exception {
    TAGS.get(String.class);
    return null;
  }

  private static final class Tag {}
}
