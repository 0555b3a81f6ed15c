package dev.hotswap.itest;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What the storm does, and how often. */
enum Deed {
  SWAP(30) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(storm.anyPlugin());
    }
  },
  SWAP_BOTH(20) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(Storm.GREETER, Storm.CLOCK);
    }
  },
  ROLL_BACK(15) {
    @Override
    void in(Storm storm) throws Exception {
      storm.rollBack(storm.anyPlugin());
    }
  },
  UNLOAD_AND_DEPLOY(8) {
    @Override
    void in(Storm storm) throws Exception {
      String plugin = storm.anyPlugin();
      storm.unload(plugin);
      storm.swap(plugin);
    }
  },
  STOP_AND_START(8) {
    @Override
    void in(Storm storm) throws Exception {
      storm.stopAndStart(storm.anyPlugin());
    }
  },
  UPDATE(8) {
    @Override
    void in(Storm storm) throws Exception {
      storm.update(storm.anyPlugin());
    }
  },
  UNRESOLVABLE(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refused(
          jar -> jar.header("Import-Package", "org.osgi.framework,com.acme.absent").bytes());
    }
  },
  THROWING_ACTIVATOR(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refused(jar -> jar.activator("ThrowingActivator").bytes());
    }
  },
  NO_SERVICE_OBJECT(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refused(jar -> jar.activator("StrangerActivator").bytes());
    }
  },
  NO_SERVICE(1) { // waits out the start limit
    @Override
    void in(Storm storm) throws Exception {
      storm.refused(jar -> jar.activator("IdleActivator").bytes());
    }
  },
  HALF_A_ZIP(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refused(jar -> Arrays.copyOf(jar.bytes(), jar.bytes().length / 2));
    }
  };

  private final int weight;

  Deed(int weight) {
    this.weight = weight;
  }

  abstract void in(Storm storm) throws Exception;

  /** One of them, by weight. */
  static Deed any(RandomGenerator random) {
    int left = random.nextInt(Stream.of(values()).mapToInt(d -> d.weight).sum());
    for (Deed deed : values()) {
      left -= deed.weight;
      if (left < 0) {
        return deed;
      }
    }
    throw new AssertionError("the weights do not add up");
  }
}
