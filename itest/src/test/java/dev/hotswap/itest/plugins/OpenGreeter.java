package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Greeter;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/** Works while it is open; a call that is still inside when it closes fails. */
public class OpenGreeter implements Greeter {
  private final String version;
  private volatile boolean open = true;

  public OpenGreeter(String version) {
    this.version = version;
  }

  void close() {
    open = false;
  }

  @Override
  public String version() {
    requireOpen();
    return version;
  }

  @Override
  public String holdThenLoadLate(CountDownLatch inside, CountDownLatch go)
      throws InterruptedException {
    inside.countDown();
    go.await();
    requireOpen();
    return LateLoaded.suffix(version);
  }

  @Override
  public CompletionStage<String> later(CompletionStage<Void> go) {
    return go.thenApply(
        nothing -> {
          requireOpen();
          return LateLoaded.suffix(version);
        });
  }

  @Override
  public String fail() throws Exception {
    throw new PluginException("failed in " + version);
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("called after close: " + version);
    }
  }
}
