package dev.hotswap.itest;

import java.util.List;

/** Plugins of the storm that one thread does its deeds to: another may do others at the time. */
enum Region {
  /** Called in every way, alone, together and by each other. */
  FIRST(Region.GREETER, Region.CLOCK, Region.RELAY, Region.OUTER),

  /** With state, there only once, or wired to a library. */
  SECOND(Region.COUNTER, Region.SOLE, Region.BASE, Region.LEAF, Region.STAYER);

  static final String GREETER = "greeter";
  static final String CLOCK = "clock";

  /** Asks the clock, which it finds in the service registry. */
  static final String RELAY = "relay";

  /** Asks the relay, likewise. */
  static final String OUTER = "outer";

  /** Keeps its count as state, and so its swaps hold callers. */
  static final String COUNTER = "counter";

  /** Runs once, as a singleton, and so its swaps hold callers. */
  static final String SOLE = "sole";

  /** A library. */
  static final String BASE = "base";

  /** Wired to the library, and so brought up once more where that is swapped. */
  static final String LEAF = "leaf";

  /** Wired to one version of the library, and left alone where that is swapped. */
  static final String STAYER = "stayer";

  /** As that of the library that the one who stays is wired to, in what it tells. */
  static final String STAYERS_BASE = "stayer-base";

  private final List<String> plugins;

  Region(String... plugins) {
    this.plugins = List.of(plugins);
  }

  /** Those first that others need. */
  List<String> plugins() {
    return plugins;
  }
}
