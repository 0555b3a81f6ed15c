package dev.hotswap.gogo;

import java.io.IOException;
import java.util.Optional;

/** One terminal elsewhere: reads what it asks for, and does it. */
final class Connection implements AutoCloseable {

  /** A conversation with a terminal, or with the lines of a file. */
  @FunctionalInterface
  interface Talk {
    /**
     * @return the exit status
     */
    int with(Ask ask, Frames frames) throws IOException, InterruptedException;
  }

  private final Frames frames;
  private final Commands commands;
  private final Talk talk;

  Connection(Frames frames, Commands commands, Talk talk) {
    this.frames = frames;
    this.commands = commands;
    this.talk = talk;
  }

  /** Returns when it is done, or the other side is gone. */
  void serve() {
    try {
      Optional<Frame> first = frames.read();
      if (first.isPresent()) {
        frames.send(Frame.of(Frame.Kind.STATUS, answer(first.get())));
      }
    } catch (IOException e) {
      return; // nobody is there any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int answer(Frame first) throws IOException, InterruptedException {
    Ask ask;
    try {
      ask = Ask.of(first);
    } catch (IOException e) {
      frames.send(Frame.of(Frame.Kind.ERROR, e.getMessage() + "\n"));
      return Command.NOT_UNDERSTOOD;
    }
    if (ask.words().get(0).equals("shell")) {
      return talk.with(ask, frames);
    }
    try (RemoteConsole console = new RemoteConsole(ask, frames)) {
      return commands.run(ask.words().get(0), ask.words().subList(1, ask.words().size()), console);
    }
  }

  @Override
  public void close() {
    try {
      frames.close();
    } catch (IOException e) {
      return; // it is
    }
  }
}
