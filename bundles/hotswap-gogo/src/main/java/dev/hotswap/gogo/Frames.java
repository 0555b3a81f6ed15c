package dev.hotswap.gogo;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * Frames over a socket, in both directions at once: a byte for the kind, four for the length, the
 * bytes. Any thread may send, one may read.
 */
final class Frames implements Closeable {
  private static final int HEAD = 1 + Integer.BYTES;
  private static final int LONGEST = 1 << 20;

  // its own read and write: the streams of Channels block each other in JDK 17
  private final SocketChannel channel;

  Frames(SocketChannel channel) {
    this.channel = channel;
  }

  synchronized void send(Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD + frame.bytes().length);
    bytes.put((byte) frame.kind().ordinal()).putInt(frame.bytes().length).put(frame.bytes()).flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * The next frame; empty at the end.
   *
   * @throws IOException when what comes is no frame, or the socket fails
   */
  Optional<Frame> read() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    if (!fill(head)) {
      return Optional.empty();
    }
    int kind = head.get();
    int length = head.getInt();
    if (kind < 0 || kind >= Frame.Kind.values().length || length < 0 || length > LONGEST) {
      throw new IOException("this is no frame: kind " + kind + ", length " + length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (!fill(bytes)) {
      throw new EOFException("a frame breaks off");
    }
    return Optional.of(new Frame(Frame.Kind.values()[kind], bytes.array()));
  }

  /** Whether there was enough. */
  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    buffer.flip();
    return true;
  }

  /** A stream whose bytes go as frames of that kind. */
  OutputStream stream(Frame.Kind kind) {
    return new OutputStream() {
      @Override
      public void write(int each) throws IOException {
        write(new byte[] {(byte) each}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        for (int at = from; at < from + length; at += LONGEST) {
          int end = Math.min(from + length, at + LONGEST);
          send(new Frame(kind, Arrays.copyOfRange(bytes, at, end)));
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
