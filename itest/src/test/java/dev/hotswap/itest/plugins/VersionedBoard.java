package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Board;

/** Answers with its bundle's version. */
public class VersionedBoard extends Board {
  private final String version;

  public VersionedBoard(String version) {
    this.version = version;
  }

  @Override
  public String version() {
    return version;
  }
}
