package dev.hotswap.itest.zoo;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Leaves a logger by name, with a level of its own class. */
public class NamedLogger extends Tame {
  @Override
  public Object act() throws Exception {
    Logger logger = Logger.getLogger("zoo.named");
    logger.setLevel(Level.FINE);
    Level.parse(new Volume().getName());
    return null;
  }

  private static final class Volume extends Level {
    private static final long serialVersionUID = 1L;

    Volume() {
      super("ZOO", 850);
    }
  }
}
