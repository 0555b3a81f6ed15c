package dev.hotswap.core;

import dev.hotswap.api.HotswapException;
import java.nio.file.Path;

/** A data folder that is not to be had. Nothing in it was changed. */
public final class FolderLockException extends HotswapException {
  private static final long serialVersionUID = 1L;

  private FolderLockException(String message) {
    super(message);
  }

  /**
   * @param holder who has it, in words after "another host"; empty where that cannot be told
   */
  static FolderLockException held(Path folder, String holder) {
    return new FolderLockException(
        "another host"
            + holder
            + " uses the data folder "
            + folder
            + "; nothing was started. Stop that host, or name another folder.");
  }

  static FolderLockException inTheWay(Path theirs) {
    return new FolderLockException(
        theirs
            + " is in the way: a host with that data folder would delete what is in it, and no"
            + " host has had the folder before; nothing was started, and nothing deleted. Name"
            + " an empty folder, or move it away.");
  }
}
