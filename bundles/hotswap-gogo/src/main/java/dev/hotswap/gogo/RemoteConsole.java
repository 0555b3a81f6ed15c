package dev.hotswap.gogo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The console of a command that somebody asked for from a terminal elsewhere. */
final class RemoteConsole implements Console, AutoCloseable {
  private final Ask ask;
  private final Frames frames;
  private final PrintStream out;
  private final PrintStream err;
  private final CountDownLatch keyOrGone = new CountDownLatch(1);
  private volatile int columns;
  private volatile int lines;
  private final Thread command = Thread.currentThread();
  private boolean keysAreSent;
  private boolean ended; // guarded by this, as the next
  private boolean interrupted;

  /** For a command that this thread runs: an interrupt of whoever asked reaches it. */
  RemoteConsole(Ask ask, Frames frames) {
    this.ask = ask;
    this.frames = frames;
    this.columns = ask.columns();
    this.lines = ask.lines();
    this.out = stream(Frame.Kind.OUTPUT);
    this.err = stream(Frame.Kind.ERROR);
    Thread listener = new Thread(this::listen, Thread.currentThread().getName() + "-keys");
    listener.setDaemon(true);
    listener.start();
  }

  private PrintStream stream(Frame.Kind kind) {
    BufferedOutputStream buffered = new BufferedOutputStream(frames.stream(kind));
    return new PrintStream(buffered, true, StandardCharsets.UTF_8);
  }

  private void listen() {
    try {
      for (Optional<Frame> next = frames.read(); next.isPresent(); next = frames.read()) {
        Frame frame = next.get();
        if (frame.kind() == Frame.Kind.RESIZE) {
          columns = frame.number(0);
          lines = frame.number(1);
        } else if (frame.kind() == Frame.Kind.INPUT) {
          keyOrGone.countDown();
        } else if (frame.kind() == Frame.Kind.INTERRUPT) {
          interrupt();
        }
      }
    } catch (IOException e) {
      // gone
    }
    keyOrGone.countDown();
    interrupt();
  }

  private synchronized void interrupt() {
    if (!ended) {
      interrupted = true;
      command.interrupt();
    }
  }

  /**
   * The command has ended; from here on its thread is not interrupted any more.
   *
   * @return whether it was
   */
  synchronized boolean end() {
    ended = true;
    if (interrupted) {
      Thread.interrupted(); // it was for the command
    }
    return interrupted;
  }

  @Override
  public PrintStream out() {
    return out;
  }

  @Override
  public PrintStream err() {
    return err;
  }

  @Override
  public boolean isTerminal() {
    return ask.isAtTerminal();
  }

  @Override
  public int width() {
    return columns > 0 ? columns : 80;
  }

  @Override
  public int height() {
    return lines > 0 ? lines : 24;
  }

  @Override
  public Path resolve(String file) {
    return Path.of(ask.folder()).resolve(file);
  }

  @Override
  public String user() {
    return ask.user();
  }

  @Override
  public boolean awaitKey(Duration limit) throws InterruptedException {
    if (isTerminal() && !keysAreSent) {
      keysAreSent = true;
      try {
        frames.send(Frame.of(Frame.Kind.KEYS));
      } catch (IOException e) {
        return true; // nobody is there any more
      }
    }
    return keyOrGone.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Sends what is still to be printed. */
  @Override
  public void close() {
    out.flush();
    err.flush();
  }
}
