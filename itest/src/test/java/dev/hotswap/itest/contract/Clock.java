package dev.hotswap.itest.contract;

/** A second contract. */
public interface Clock {
  String version();
}
