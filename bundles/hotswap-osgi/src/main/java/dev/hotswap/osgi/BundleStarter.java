package dev.hotswap.osgi;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.core.Subject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * Starts a bundle, on a thread of its own, for no longer than the limit. An activator that is still
 * busy then is interrupted and refused; should it ever come back, its own thread removes the
 * bundle.
 */
final class BundleStarter {
  private final Duration limit;

  BundleStarter(Duration limit) {
    this.limit = limit;
  }

  /**
   * @throws SwapRefusedException when the activator throws or is still busy at the limit
   */
  void start(Bundle bundle, String id, Subject subject) {
    CompletableFuture<String> outcome = new CompletableFuture<>();
    Thread thread = new Thread(() -> outcome.complete(attempt(bundle)), "hotswap-start-" + id);
    thread.setDaemon(true);
    thread.setContextClassLoader(BundleStarter.class.getClassLoader());
    thread.start();
    try {
      String thrown = outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (!thrown.isEmpty()) {
        throw new SwapRefusedException(
            new Refusal.StartFailed(subject.what(), thrown, subject.stands()));
      }
    } catch (TimeoutException e) {
      throw overdue(bundle, thread, outcome, subject);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overdue(bundle, thread, outcome, subject);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an attempt answers in words", e);
    }
  }

  private SwapRefusedException overdue(
      Bundle bundle, Thread thread, CompletableFuture<String> outcome, Subject subject) {
    outcome.thenRun(() -> BundleRemoval.uninstall(bundle));
    thread.interrupt();
    return new SwapRefusedException(
        new Refusal.StartOverdue(subject.what(), limit, subject.stands()));
  }

  /** What the activator threw, as text: the object would keep the plugin's classes alive. */
  private static String attempt(Bundle bundle) {
    try {
      bundle.start(Bundle.START_TRANSIENT);
      return "";
    } catch (BundleException e) {
      return describe(e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException | Error e) {
      return describe(e);
    }
  }

  private static String describe(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    StackTraceElement[] stack = thrown.getStackTrace();
    if (stack.length > 0) {
      text.append(" at ").append(stack[0]);
    }
    return text.toString();
  }
}
