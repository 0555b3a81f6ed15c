package dev.hotswap.itest.zoo;

/** Has Jackson, in a library bundle, write a bean of its own class. */
public class JacksonTypes extends Tame {
  @Override
  public Object act() throws Exception {
    Object mapper =
        Class.forName("com.fasterxml.jackson.databind.ObjectMapper")
            .getDeclaredConstructor()
            .newInstance();
    mapper.getClass().getMethod("writeValueAsString", Object.class).invoke(mapper, new Bean());
    return null;
  }

  /** A bean. */
  public static final class Bean {
    /** Its property. */
    public String getName() {
      return "zoo";
    }
  }
}
