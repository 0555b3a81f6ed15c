package dev.hotswap.itest;

import dev.hotswap.api.SwapOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What the storm does, and how often. */
enum Deed {
  SWAP(Region.FIRST, 30) {
    @Override
    void in(Front front) throws Exception {
      front.swap(front.anyOf(Region.GREETER, Region.CLOCK));
    }
  },
  SWAP_BOTH(Region.FIRST, 20) {
    @Override
    void in(Front front) throws Exception {
      front.swap(Region.GREETER, Region.CLOCK);
    }
  },
  ROLL_BACK(Region.FIRST, 15) {
    @Override
    void in(Front front) throws Exception {
      front.rollBack(front.anyOf(Region.GREETER, Region.CLOCK));
    }
  },
  UNLOAD_AND_DEPLOY(Region.FIRST, 8) {
    @Override
    void in(Front front) throws Exception {
      String plugin = front.anyOf(Region.GREETER, Region.CLOCK);
      front.unload(plugin);
      front.swap(plugin);
    }
  },
  STOP_AND_START(Region.FIRST, 8) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().stopAndStart(front.anyOf(Region.GREETER, Region.CLOCK, Region.RELAY));
    }
  },
  UPDATE(Region.FIRST, 8) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().update(front.anyOf(Region.GREETER, Region.CLOCK, Region.RELAY));
    }
  },
  STAGE_AND_PUBLISH(Region.FIRST, 8) {
    @Override
    void in(Front front) throws Exception {
      front.stageAndPublish(front.anyOf(Region.GREETER, Region.CLOCK), Optional.empty());
    }
  },
  STAGE_AND_PUBLISH_LATE(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.stageAndPublish(
          front.anyOf(Region.GREETER, Region.CLOCK),
          Optional.of(front.anyOf(Region.GREETER, Region.CLOCK)));
    }
  },
  STAGE_AND_DISCARD(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.stageAndDiscard(Region.GREETER, Region.CLOCK);
    }
  },
  SWAP_EXCLUSIVE(Region.FIRST, 6) {
    @Override
    void in(Front front) throws Exception {
      front.swap(
          SwapOptions.NONE,
          jar -> jar.header("Provide-Capability", "dev.hotswap.exclusive;resource=\"a port\""),
          Region.CLOCK);
    }
  },
  SWAP_IN_PLACE(Region.FIRST, 6) {
    @Override
    void in(Front front) throws Exception {
      front.swap(SwapOptions.NONE.withInPlace(true), jar -> jar, Region.CLOCK);
    }
  },
  SWAP_WITH_STATE(Region.SECOND, 8) {
    @Override
    void in(Front front) throws Exception {
      front.swap(SwapOptions.NONE.withInPlace(front.oneOfTwo()), jar -> jar, Region.COUNTER);
    }
  },
  ROLL_BACK_STATE(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.rollBack(Region.COUNTER);
    }
  },
  TAKES_NO_STATE(Region.SECOND, 3) {
    @Override
    void in(Front front) throws Exception {
      front.refusedHandover("take-throws", front.oneOfTwo());
    }
  },
  STARTS_NOT_IN_PLACE(Region.SECOND, 3) {
    @Override
    void in(Front front) throws Exception {
      front.refusedHandover("start-throws", true);
    }
  },
  SWAP_SINGLETON(Region.SECOND, 6) {
    @Override
    void in(Front front) throws Exception {
      front.swap(Region.SOLE);
    }
  },
  ROLL_BACK_SINGLETON(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.rollBack(Region.SOLE);
    }
  },
  SINGLETON_DOES_NOT_START(Region.SECOND, 3) {
    @Override
    void in(Front front) throws Exception {
      front.refusedSingleton();
    }
  },
  SWAP_LIBRARY(Region.SECOND, 6) {
    @Override
    void in(Front front) throws Exception {
      front.swap(Region.BASE);
    }
  },
  SWAP_STAYER(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.swapStayer();
    }
  },
  STOP_AND_START_STAYER(Region.SECOND, 3) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().stopAndStart(Region.STAYER);
    }
  },
  SWAP_DEPENDENT(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.swap(Region.LEAF);
    }
  },
  SWAP_LIBRARY_AND_DEPENDENT(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.swap(Region.LEAF, Region.BASE);
    }
  },
  ROLL_BACK_LIBRARY(Region.SECOND, 5) {
    @Override
    void in(Front front) throws Exception {
      front.rollBack(front.oneOfTwo() ? Region.BASE : Region.LEAF);
    }
  },
  STAGE_AND_DISCARD_LIBRARY(Region.SECOND, 3) {
    @Override
    void in(Front front) throws Exception {
      front.stageAndDiscard(Region.BASE);
    }
  },
  DEPENDENT_DOES_NOT_START(Region.SECOND, 3) {
    @Override
    void in(Front front) throws Exception {
      front.refusedLibrary();
    }
  },
  SWAP_RELAY(Region.FIRST, 6) {
    @Override
    void in(Front front) throws Exception {
      front.swap(front.anyOf(Region.RELAY, Region.OUTER));
    }
  },
  SWAP_CHAIN(Region.FIRST, 8) {
    @Override
    void in(Front front) throws Exception {
      front.swap(Region.OUTER, Region.CLOCK, Region.RELAY);
    }
  },
  ROLL_BACK_CHAIN(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.rollBack(front.anyOf(Region.RELAY, Region.OUTER));
    }
  },
  DEACTIVATE_COMPONENT(Region.FIRST, 6) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().deactivateByConfiguration();
    }
  },
  REVERSE_AT_THE_DEADLINE(Region.FIRST, 5) {
    @Override
    void in(Front front) throws Exception {
      front.stuck().reverse();
    }
  },
  INTERRUPT_THE_LAST(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.stuck().interrupt();
    }
  },
  FORCE_THE_LAST(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.stuck().force();
    }
  },
  STOP_AND_START_HELD(Region.SECOND, 6) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().stopAndStart(front.anyOf(Region.SOLE, Region.COUNTER, Region.LEAF));
    }
  },
  UPDATE_HELD(Region.SECOND, 6) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().update(front.anyOf(Region.SOLE, Region.COUNTER, Region.LEAF));
    }
  },
  REFRESH_HELD(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().refresh(front.anyOf(Region.SOLE, Region.COUNTER, Region.LEAF));
    }
  },
  UNINSTALL_AND_DEPLOY_HELD(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().uninstallAndDeploy(front.anyOf(Region.SOLE, Region.COUNTER, Region.LEAF));
    }
  },
  STOP_AND_START_LIBRARY(Region.SECOND, 3) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().stopAndStartLibrary();
    }
  },
  UPDATE_LIBRARY(Region.SECOND, 4) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().updateAndRefreshLibrary();
    }
  },
  REFRESH(Region.FIRST, 6) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().refresh(front.anyOf(Region.GREETER, Region.CLOCK, Region.RELAY));
    }
  },
  UNINSTALL_AND_DEPLOY(Region.FIRST, 5) {
    @Override
    void in(Front front) throws Exception {
      front.somebody().uninstallAndDeploy(front.anyOf(Region.GREETER, Region.CLOCK, Region.RELAY));
    }
  },
  UNRESOLVABLE(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.refused(
          jar -> jar.header("Import-Package", "org.osgi.framework,com.acme.absent").bytes());
    }
  },
  THROWING_ACTIVATOR(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.refused(jar -> jar.activator("ThrowingActivator").bytes());
    }
  },
  NO_SERVICE_OBJECT(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.refused(jar -> jar.activator("StrangerActivator").bytes());
    }
  },
  NO_SERVICE(Region.FIRST, 1) { // waits out the start limit
    @Override
    void in(Front front) throws Exception {
      front.refused(jar -> jar.activator("IdleActivator").bytes());
    }
  },
  HALF_A_ZIP(Region.FIRST, 4) {
    @Override
    void in(Front front) throws Exception {
      front.refused(jar -> Arrays.copyOf(jar.bytes(), jar.bytes().length / 2));
    }
  };

  private final Region region;
  private final int weight;

  Deed(Region region, int weight) {
    this.region = region;
    this.weight = weight;
  }

  abstract void in(Front front) throws Exception;

  /** One of those of a region, by weight. */
  static Deed any(Region region, RandomGenerator random) {
    List<Deed> deeds = Stream.of(values()).filter(deed -> deed.region == region).toList();
    int left = random.nextInt(deeds.stream().mapToInt(deed -> deed.weight).sum());
    for (Deed deed : deeds) {
      left -= deed.weight;
      if (left < 0) {
        return deed;
      }
    }
    throw new AssertionError("the weights do not add up");
  }
}
