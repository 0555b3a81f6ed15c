package dev.hotswap.itest;

import dev.hotswap.api.SwapOptions;
import java.util.Arrays;
import java.util.Optional;
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
  STAGE_AND_PUBLISH(8) {
    @Override
    void in(Storm storm) throws Exception {
      storm.stageAndPublish(storm.anyPlugin(), Optional.empty());
    }
  },
  STAGE_AND_PUBLISH_LATE(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.stageAndPublish(storm.anyPlugin(), Optional.of(storm.anyPlugin()));
    }
  },
  STAGE_AND_DISCARD(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.stageAndDiscard(Storm.GREETER, Storm.CLOCK);
    }
  },
  SWAP_EXCLUSIVE(6) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(
          SwapOptions.NONE,
          jar -> jar.header("Provide-Capability", "dev.hotswap.exclusive;resource=\"a port\""),
          Storm.CLOCK);
    }
  },
  SWAP_IN_PLACE(6) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(SwapOptions.NONE.withInPlace(true), jar -> jar, Storm.CLOCK);
    }
  },
  SWAP_WITH_STATE(8) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(SwapOptions.NONE.withInPlace(storm.oneOfTwo()), jar -> jar, Storm.COUNTER);
    }
  },
  ROLL_BACK_STATE(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.rollBack(Storm.COUNTER);
    }
  },
  TAKES_NO_STATE(3) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refusedHandover("take-throws", storm.oneOfTwo());
    }
  },
  STARTS_NOT_IN_PLACE(3) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refusedHandover("start-throws", true);
    }
  },
  SWAP_SINGLETON(6) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(Storm.SOLE);
    }
  },
  ROLL_BACK_SINGLETON(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.rollBack(Storm.SOLE);
    }
  },
  SINGLETON_DOES_NOT_START(3) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refusedSingleton();
    }
  },
  SWAP_LIBRARY(6) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(Storm.BASE);
    }
  },
  SWAP_DEPENDENT(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(Storm.LEAF);
    }
  },
  SWAP_LIBRARY_AND_DEPENDENT(4) {
    @Override
    void in(Storm storm) throws Exception {
      storm.swap(Storm.LEAF, Storm.BASE);
    }
  },
  ROLL_BACK_LIBRARY(5) {
    @Override
    void in(Storm storm) throws Exception {
      storm.rollBack(storm.oneOfTwo() ? Storm.BASE : Storm.LEAF);
    }
  },
  STAGE_AND_DISCARD_LIBRARY(3) {
    @Override
    void in(Storm storm) throws Exception {
      storm.stageAndDiscard(Storm.BASE);
    }
  },
  DEPENDENT_DOES_NOT_START(3) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refusedLibrary();
    }
  },
  REFRESH(6) {
    @Override
    void in(Storm storm) throws Exception {
      storm.refresh(storm.anyPlugin());
    }
  },
  UNINSTALL_AND_DEPLOY(5) {
    @Override
    void in(Storm storm) throws Exception {
      storm.uninstallAndDeploy(storm.anyPlugin());
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
