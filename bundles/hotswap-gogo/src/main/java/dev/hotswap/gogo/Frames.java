package dev.hotswap.gogo;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * Frames over a socket, in both directions at once: a byte for the kind, four for the length, the
 * bytes. Any thread may send, one may read.
 *
 * <p>What is sent is written by a thread of its own, which ends with the socket: an interrupt in
 * the middle of a write to a channel closes that, and whoever sends here may be interrupted, as a
 * command is by Ctrl-C.
 */
final class Frames implements Closeable {
  private static final int HEAD = 1 + Integer.BYTES;
  private static final int LONGEST = 1 << 20;

  /** As much may wait to be written; who sends more waits until there is room. */
  private static final int ROOM = 1 << 20;

  // its own read and write: the streams of Channels block each other in JDK 17
  private final SocketChannel channel;
  private final Queue<ByteBuffer> waiting = new ArrayDeque<>(); // guarded by this, as the two below
  private int room = ROOM;
  private boolean ended;

  /**
   * @param name of the thread that writes
   */
  Frames(SocketChannel channel, String name) {
    this.channel = channel;
    Thread writer = new Thread(this::write, name);
    writer.setDaemon(true);
    writer.start();
  }

  /**
   * Has the frame written, whole, after those that were sent before.
   *
   * @throws InterruptedIOException when the thread is interrupted while it waits for room; the
   *     frame is not sent, and the flag is kept
   * @throws IOException when the other side is gone
   */
  synchronized void send(Frame frame) throws IOException {
    while (room <= 0 && !ended) {
      await();
    }
    if (ended) {
      throw new EOFException("the other side is gone");
    }
    ByteBuffer bytes = ByteBuffer.allocate(HEAD + frame.bytes().length);
    bytes.put((byte) frame.kind().ordinal()).putInt(frame.bytes().length).put(frame.bytes()).flip();
    waiting.add(bytes);
    room -= bytes.remaining();
    notifyAll();
  }

  /**
   * Waits until everything that was sent is written, or the other side is gone.
   *
   * @throws InterruptedIOException when the thread is interrupted meanwhile; the flag is kept
   */
  synchronized void flush() throws InterruptedIOException {
    while (room < ROOM && !ended) {
      await();
    }
  }

  private void await() throws InterruptedIOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the other side was slow to read");
    }
  }

  private void write() {
    try {
      for (Optional<ByteBuffer> next = next(); next.isPresent(); next = next()) {
        int length = next.get().remaining();
        while (next.get().hasRemaining()) {
          channel.write(next.get());
        }
        written(length);
      }
    } catch (IOException e) {
      end(); // nobody reads any more
    }
  }

  /** Empty at the end. */
  private synchronized Optional<ByteBuffer> next() throws InterruptedIOException {
    while (waiting.isEmpty() && !ended) {
      await();
    }
    return ended ? Optional.empty() : Optional.of(waiting.remove());
  }

  private synchronized void written(int length) {
    room += length;
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    waiting.clear();
    notifyAll();
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

  /** What is not written yet is not written any more. */
  @Override
  public void close() throws IOException {
    end();
    channel.close();
  }
}
