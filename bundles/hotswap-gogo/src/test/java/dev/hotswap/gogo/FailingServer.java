package dev.hotswap.gogo;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** A server whose first accepts fail, as where there is no descriptor left. */
final class FailingServer extends ServerSocketChannel {
  private final ServerSocketChannel real;
  private int failures;

  FailingServer(int failures) throws IOException {
    this(ServerSocketChannel.open(StandardProtocolFamily.UNIX), failures);
  }

  private FailingServer(ServerSocketChannel real, int failures) {
    super(real.provider());
    this.real = real;
    this.failures = failures;
  }

  @Override
  public SocketChannel accept() throws IOException {
    if (failures-- > 0) {
      throw new IOException("Too many open files");
    }
    return real.accept();
  }

  @Override
  public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
    real.bind(local, backlog);
    return this;
  }

  @Override
  public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
    real.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return real.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return real.supportedOptions();
  }

  @Override
  public ServerSocket socket() {
    return real.socket();
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    return real.getLocalAddress();
  }

  @Override
  protected void implCloseSelectableChannel() throws IOException {
    real.close();
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    real.configureBlocking(block);
  }
}
