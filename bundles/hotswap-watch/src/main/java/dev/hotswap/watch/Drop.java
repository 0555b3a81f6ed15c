package dev.hotswap.watch;

import java.nio.file.Path;

/**
 * A file whose content is settled, and not yet acted on.
 *
 * @param stamp of the file when its content was read
 * @param since when it was first seen so, in nanoseconds of the watch's clock
 */
record Drop(String name, Path file, Stamp stamp, long since, Content content) {
  boolean isBundle() {
    return content instanceof Content.Bundle;
  }
}
