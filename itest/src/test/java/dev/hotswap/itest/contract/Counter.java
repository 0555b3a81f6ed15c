package dev.hotswap.itest.contract;

/** The contract of plugins that keep state. */
public interface Counter {
  /** Counts one more. */
  long count();

  /** The bundle version of the plugin that answers. */
  String version();

  /** A value that a state may hold: its class is shared. */
  record Total(long calls, Object note) {}
}
