package dev.hotswap.itest.contract;

/** Contracts of plugins that only say who they are. */
public interface Told {
  /** A stamp, and after a space that of what is behind it, where there is something. */
  String tell();

  /** Of the plugin that may be there only once. */
  interface Sole extends Told {}

  /** Of the plugin that is wired to a library. */
  interface Leaf extends Told {}

  /** Of the plugin that is wired to one version of a library, and stays on it. */
  interface Stayer extends Told {}

  /** Of the plugin that asks a clock, which it gets from the service registry. */
  interface Relay extends Told {}

  /** Of the plugin that asks a relay, likewise. */
  interface Outer extends Told {}
}
