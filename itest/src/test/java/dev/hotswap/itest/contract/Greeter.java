package dev.hotswap.itest.contract;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/** The contract of the fixture plugins. */
public interface Greeter {
  /** The bundle version of the plugin that answers. */
  String version();

  /** Says that it is inside, waits, and then loads a class that it has not needed before. */
  String holdThenLoadLate(CountDownLatch inside, CountDownLatch go) throws InterruptedException;

  /** Completes when {@code go} does, with {@link #version()}. */
  CompletionStage<String> later(CompletionStage<Void> go);

  /** Throws a checked exception whose class is the plugin's own. */
  String fail() throws Exception;
}
