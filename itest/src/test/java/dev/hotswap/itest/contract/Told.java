package dev.hotswap.itest.contract;

/** Contracts of plugins that only say who they are. */
public interface Told {
  /** A stamp, and after a space that of the library behind it, where there is one. */
  String tell();

  /** Of the plugin that may be there only once. */
  interface Sole extends Told {}

  /** Of the plugin that is wired to a library. */
  interface Leaf extends Told {}
}
