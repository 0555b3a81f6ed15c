package dev.hotswap.itest.plugins;

import dev.hotswap.api.StateKeeper;
import dev.hotswap.itest.contract.Counter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Registers a counter that keeps its count as state, and does with that what its manifest says
 * under {@code Test-Trouble}.
 */
public final class CountingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    String version = context.getBundle().getVersion().toString();
    String trouble = String.valueOf(context.getBundle().getHeaders().get("Test-Trouble"));
    if (trouble.equals("start-throws")) {
      throw new IllegalStateException("no such device");
    }
    Counting counting =
        trouble.equals("own-keeper") ? new Kept(version, trouble) : new Counting(version, trouble);
    context.registerService(Counter.class, counting, null);
    if (!trouble.equals("no-keeper") && !trouble.equals("own-keeper")) {
      context.registerService(StateKeeper.class, new Keeper(counting), null);
    }
  }

  @Override
  public void stop(BundleContext context) {}

  private static class Counting implements Counter {
    private final String version;
    private final String trouble;
    private final AtomicLong calls = new AtomicLong();

    Counting(String version, String trouble) {
      this.version = version;
      this.trouble = trouble;
    }

    @Override
    public long count() {
      return calls.incrementAndGet();
    }

    @Override
    public String version() {
      return version;
    }
  }

  /** A service of the contract that keeps its state too. */
  private static final class Kept extends Counting implements StateKeeper {
    private final Keeper keeper = new Keeper(this);

    Kept(String version, String trouble) {
      super(version, trouble);
    }

    @Override
    public Object giveState() {
      return keeper.giveState();
    }

    @Override
    public void takeState(Object state, String fromVersion) {
      keeper.takeState(state, fromVersion);
    }
  }

  /** A service beside that of the contract. */
  private static final class Keeper implements StateKeeper {
    private final Counting counting;

    Keeper(Counting counting) {
      this.counting = counting;
    }

    @Override
    public Object giveState() {
      meet("give");
      Object note =
          counting.trouble.equals("foreign") ? List.of(new PluginException("mine")) : "a note";
      return new Counter.Total(counting.calls.get(), note);
    }

    @Override
    public void takeState(Object state, String fromVersion) {
      meet("take");
      counting.calls.set(((Counter.Total) state).calls());
    }

    private void meet(String step) {
      if (counting.trouble.equals(step + "-throws")) {
        throw new PluginOwnException();
      }
      if (counting.trouble.equals(step + "-hangs")) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          throw new IllegalStateException("interrupted", e);
        }
      }
    }
  }

  /** Its class is the plugin's own. */
  static final class PluginOwnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PluginOwnException() {
      super("not now");
    }
  }
}
