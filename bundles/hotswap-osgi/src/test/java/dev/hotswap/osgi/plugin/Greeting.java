package dev.hotswap.osgi.plugin;

import dev.hotswap.osgi.contract.Greeter;
import dev.hotswap.osgi.library.Phrase;
import java.util.concurrent.CountDownLatch;

/** Works while it is open; a call that is still inside when it closes fails. */
final class Greeting implements Greeter {
  private final String version;
  private volatile boolean open = true;

  Greeting(String version) {
    this.version = version;
  }

  void close() {
    open = false;
  }

  @Override
  public String version() {
    if (!open) {
      throw new IllegalStateException("called after close: " + version);
    }
    return version;
  }

  @Override
  public String phrase() {
    return version() + " with " + Phrase.text();
  }

  @Override
  public String hold(CountDownLatch inside, CountDownLatch go) throws InterruptedException {
    inside.countDown();
    go.await();
    return version();
  }
}
