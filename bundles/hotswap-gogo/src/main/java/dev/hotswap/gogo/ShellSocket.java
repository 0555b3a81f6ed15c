package dev.hotswap.gogo;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The socket in a host's data folder by which other terminals reach it: {@code shell/socket}, for
 * the host's own user alone. The folder around it is made for that user before the socket is, so
 * that there is no moment in which others could connect. Where a file system has no such rights, as
 * on Windows, those of the data folder decide.
 */
final class ShellSocket implements AutoCloseable {
  /** After how long it is tried again to let somebody in. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path path;
  private final ServerSocketChannel server;
  private final Function<Frames, Connection> connections;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong count = new AtomicLong();

  private ShellSocket(
      Path path, ServerSocketChannel server, Function<Frames, Connection> connections) {
    this.path = path;
    this.server = server;
    this.connections = connections;
  }

  /** Where it is in that data folder. */
  static Path in(Path data) {
    return data.resolve("shell").resolve("socket");
  }

  /**
   * Listens, in place of a socket that a host left there which is gone.
   *
   * @param data of a host that holds its lock
   * @throws IOException when it cannot, with the reason in words
   */
  static ShellSocket open(Path data, Function<Frames, Connection> connections) throws IOException {
    boolean rights = data.getFileSystem().supportedFileAttributeViews().contains("posix");
    return open(data, rights, connections);
  }

  /**
   * @param rights whether the file system has those of a user, a group and others
   */
  static ShellSocket open(Path data, boolean rights, Function<Frames, Connection> connections)
      throws IOException {
    return open(data, rights, connections, ServerSocketChannel.open(StandardProtocolFamily.UNIX));
  }

  /**
   * @param server not bound yet; closed whatever this comes to
   */
  static ShellSocket open(
      Path data,
      boolean rights,
      Function<Frames, Connection> connections,
      ServerSocketChannel server)
      throws IOException {
    Path path = in(data.toAbsolutePath());
    FileAttribute<?>[] own = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
    try {
      Files.deleteIfExists(path);
      Files.deleteIfExists(path.getParent());
      Files.createDirectory(path.getParent(), rights ? own : new FileAttribute<?>[0]);
      bind(server, path);
      if (rights) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    ShellSocket socket = new ShellSocket(path, server, connections);
    socket.start("hotswap-shell", socket::accept);
    return socket;
  }

  private static void bind(ServerSocketChannel server, Path path) throws IOException {
    try (ShortPath way = ShortPath.to(path)) {
      server.bind(UnixDomainSocketAddress.of(way.path()));
    }
  }

  Path path() {
    return path;
  }

  private void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    boolean failed = false;
    while (server.isOpen()) {
      try {
        serve(server.accept());
        failed = false;
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException | Error e) { // no descriptor or thread to be had
        if (!failed) { // what stays so is said once
          Log.warn("event=shell-accept-failed socket=" + path + " reason=" + e);
        }
        failed = true;
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Hands the channel to a thread of its own; where there is none, the other side is let go. */
  private void serve(SocketChannel channel) throws IOException {
    String name = "hotswap-shell-" + count.incrementAndGet();
    try {
      serve(new Frames(channel, name + "-out"), name);
    } catch (RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private void serve(Frames frames, String name) throws IOException {
    try {
      Connection connection = connections.apply(frames);
      start(name, () -> serve(connection));
    } catch (RuntimeException | Error e) {
      frames.close();
      throw e;
    }
  }

  private void serve(Connection connection) {
    open.add(connection);
    try (connection) {
      if (server.isOpen()) { // or nobody would end it
        connection.serve();
      }
    } finally {
      open.remove(connection);
    }
  }

  /** Ends every conversation, too. */
  @Override
  public void close() {
    try (server) {
      Files.deleteIfExists(path);
      Files.deleteIfExists(path.getParent());
    } catch (IOException e) {
      // the next host that has this data folder deletes it
    }
    open.forEach(Connection::close);
  }
}
