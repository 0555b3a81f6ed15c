package dev.hotswap.gogo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A path to a socket that fits into a socket's address: where its own does not, by way of a link in
 * a folder of this process alone, for as long as it takes to bind or to connect.
 *
 * @param path the one to use
 * @param link what is to be deleted
 */
record ShortPath(Path path, Optional<Path> link) implements AutoCloseable {
  /** What an address holds on Linux, without the closing zero. */
  private static final int LONGEST = 107;

  /**
   * @throws IOException when there cannot be a link, or its path is as long
   */
  static ShortPath to(Path socket) throws IOException {
    if (length(socket) <= LONGEST) {
      return new ShortPath(socket, Optional.empty());
    }
    Path link = Files.createTempDirectory("hotswap").resolve("s");
    try {
      Files.createSymbolicLink(link, socket.getParent());
      Path path = link.resolve(socket.getFileName());
      if (length(path) > LONGEST) {
        throw new IOException(
            socket
                + " is "
                + length(socket)
                + " bytes long, and the path of a socket has at most "
                + LONGEST
                + "; name a data folder with a shorter path");
      }
      return new ShortPath(path, Optional.of(link));
    } catch (IOException | UnsupportedOperationException e) {
      delete(link);
      throw e instanceof IOException known ? known : new IOException(e.getMessage(), e);
    }
  }

  private static int length(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static void delete(Path link) throws IOException {
    Files.deleteIfExists(link);
    Files.deleteIfExists(link.getParent());
  }

  @Override
  public void close() throws IOException {
    if (link.isPresent()) {
      delete(link.get());
    }
  }
}
