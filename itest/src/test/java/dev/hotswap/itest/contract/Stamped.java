package dev.hotswap.itest.contract;

/** Three contracts of three plugins, whose services say of which set they are. */
public interface Stamped {
  int stamp();

  /** The first. */
  interface Head extends Stamped {}

  /** The second. */
  interface Middle extends Stamped {}

  /** The third. */
  interface Tail extends Stamped {}
}
