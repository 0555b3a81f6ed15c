package dev.hotswap.gogo;

import java.io.IOException;
import java.util.List;
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
        int status = answer(first.get());
        frames.send(Frame.of(Frame.Kind.STATUS, status));
        frames.flush();
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
      return notUnderstood(e.getMessage());
    }
    List<String> words = ask.words();
    if (words.isEmpty()) {
      return notUnderstood(commands.missing());
    } else if (words.get(0).equals("shell")) {
      return talk(ask);
    }
    try (RemoteConsole console = new RemoteConsole(ask, frames)) {
      return run(words.get(0), words.subList(1, words.size()), console);
    }
  }

  private int run(String name, List<String> words, RemoteConsole console)
      throws InterruptedException {
    int status;
    try {
      status = commands.run(name, words, console);
    } catch (InterruptedException e) {
      if (!console.end()) {
        throw e; // by somebody else
      }
      return Command.INTERRUPTED;
    }
    return console.end() && status != Command.DONE ? Command.INTERRUPTED : status;
  }

  private int talk(Ask ask) throws IOException, InterruptedException {
    try {
      return talk.with(ask, frames);
    } catch (RuntimeException | Error e) {
      frames.send(Frame.of(Frame.Kind.ERROR, Commands.defect("shell", e) + "\n"));
      return Command.REFUSED;
    }
  }

  private int notUnderstood(String sentence) throws IOException {
    frames.send(Frame.of(Frame.Kind.ERROR, sentence + "\n"));
    return Command.NOT_UNDERSTOOD;
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
