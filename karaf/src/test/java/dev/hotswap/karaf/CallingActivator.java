package dev.hotswap.karaf;

import dev.hotswap.api.Handle;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.osgi.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A bundle of the framework's own: calls the rules without pause, by a handle and by the service
 * that it finds in the registry, while it has the releases in a folder swapped in one after the
 * other. It tells a file about it.
 */
public final class CallingActivator implements BundleActivator {
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private BundleContext context;
  private ServiceTracker<Swapper, Thread> swappers;

  @Override
  public void start(BundleContext given) {
    context = given;
    swappers =
        new ServiceTracker<>(given, Swapper.class, null) {
          @Override
          public Thread addingService(ServiceReference<Swapper> reference) {
            Swapper swapper = given.getService(reference);
            Thread thread = new Thread(() -> run(swapper), "deployer");
            thread.start();
            return thread;
          }
        };
    swappers.open();
  }

  private void run(Swapper swapper) {
    try (Stream<Path> files = Files.list(Path.of(context.getProperty("calling.releases")))) {
      tell("found " + current(swapper));
      deploy(swapper, files.sorted().toList());
      tell("left with " + current(swapper));
      tell("done");
    } catch (Exception | Error e) { // whatever it is, the test is to hear of it
      tell("done with " + e);
    }
  }

  private void deploy(Swapper swapper, List<Path> releases) throws InterruptedException {
    Engine engine = context.getService(context.getServiceReference(Engine.class));
    Handle<Rules> rules = engine.handle(Rules.class);
    if (swapper.snapshot().plugins().isEmpty()) {
      swapper.swap(releases.get(0));
    }
    ServiceReference<Rules> found = context.getServiceReference(Rules.class);
    Rules kept = context.getService(found);
    Thread caller = new Thread(() -> call(rules, kept), "caller");
    caller.start();
    for (Path release : releases) {
      awaitCall();
      swap(swapper, release);
    }
    awaitCall();
    ended.set(true);
    caller.join();
    tell("failed calls: " + failures);
    tell("same service: " + found.equals(context.getServiceReference(Rules.class)));
  }

  /** Tries again what the regions of Karaf keep from resolving, as the refusal says. */
  private static void swap(Swapper swapper, Path release) {
    try {
      swapper.swap(release);
    } catch (SwapRefusedException e) {
      if (!e.getMessage().contains("Resolver hook prevented resolution")) {
        throw e;
      }
      swapper.swap(release);
    }
  }

  private void call(Handle<Rules> rules, Rules kept) {
    while (!ended.get()) {
      try {
        int byHandle = rules.with(current -> current.evaluate(7)).score();
        int byService = kept.evaluate(7).score();
        failures.addAndGet(byHandle == 14 && byService == 14 ? 0 : 1);
      } catch (RuntimeException | Error e) {
        tell("failed: " + e);
        failures.incrementAndGet();
      }
      calls.incrementAndGet();
    }
  }

  private void awaitCall() {
    long before = calls.get();
    while (calls.get() == before) {
      Thread.onSpinWait();
    }
  }

  private static String current(Swapper swapper) {
    return swapper
        .snapshot()
        .plugin("dev.hotswap.examples.rules")
        .flatMap(plugin -> plugin.current())
        .map(generation -> generation.version())
        .orElse("nothing");
  }

  private void tell(String line) {
    try {
      Path file = Path.of(context.getProperty("calling.told"));
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop(BundleContext stopped) {
    ended.set(true);
    swappers.close();
  }
}
