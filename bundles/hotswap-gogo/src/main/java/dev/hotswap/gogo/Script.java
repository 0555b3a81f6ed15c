package dev.hotswap.gogo;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;

/**
 * Lines, each executed as if it had been typed, up to the first that fails, or the first that
 * leaves. A line fails as in other shells: with the last of its commands, and the last of a pipe.
 * {@link #end()} may be called by any thread, the rest is for one.
 */
final class Script implements AutoCloseable {
  /** What is to be executed, one after the other. */
  @FunctionalInterface
  interface Lines {
    /**
     * Waits for it; empty at the end.
     *
     * @throws UsageException when what comes is none
     */
    Optional<String> next() throws InterruptedException;
  }

  private final CommandSession session;
  private final PrintStream out;
  private final PrintStream err;
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile int status;

  /**
   * @param folder where the user is
   * @param user who that is
   */
  Script(CommandProcessor processor, OutputStream out, OutputStream err, Path folder, String user) {
    this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.session =
        processor.createSession(new ByteArrayInputStream(new byte[0]), this.out, this.err);
    session.currentDir(folder);
    session.put(SessionConsole.USER, user);
    session.put(SessionConsole.GONE, gone);
    session.put("SCOPE", Conversation.SCOPE);
    // what a job came to is not in what execute answers
    session.setJobListener((job, before, now) -> note(job, before, now));
  }

  private void note(Job job, Job.Status before, Job.Status now) {
    boolean isLine = job.parent() == null && before == Job.Status.Foreground;
    if (isLine && now == Job.Status.Done && job.result() != null) {
      status = job.result().error();
    }
  }

  /**
   * @return the exit status of the last line that was executed
   */
  int run(Lines lines) throws InterruptedException {
    try {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (Conversation.LEAVE.contains(line.get().trim())) {
          return Command.DONE;
        }
        int came = gone.getCount() > 0 ? execute(line.get()) : Command.REFUSED;
        if (came != Command.DONE) {
          return came;
        }
      }
      return gone.getCount() > 0 ? Command.DONE : Command.REFUSED; // lines may be left
    } catch (UsageException e) {
      err.println(e.getMessage());
      return Command.NOT_UNDERSTOOD;
    }
  }

  private int execute(String line) {
    status = Command.DONE;
    try {
      Object result = session.execute(line);
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
      return status;
    } catch (CommandNotFoundException | SyntaxError e) {
      err.println(e.getMessage());
      return Command.NOT_UNDERSTOOD;
    } catch (Exception e) {
      err.println(e.getMessage() == null ? e.toString() : e.getMessage());
      boolean breaksOff = e.getCause() instanceof SyntaxError;
      return breaksOff ? Command.NOT_UNDERSTOOD : Command.REFUSED;
    }
  }

  /** Nobody is there any more: no line follows, and the one that is executed is interrupted. */
  void end() {
    gone.countDown();
    Job job = session.foregroundJob();
    if (job != null) {
      job.interrupt();
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
