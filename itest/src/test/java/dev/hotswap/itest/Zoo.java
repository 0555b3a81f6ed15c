package dev.hotswap.itest;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.HoldingPath;
import dev.hotswap.api.Leaks;
import dev.hotswap.api.Leftover;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Retirement;
import dev.hotswap.api.Verdict;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Animal;
import dev.hotswap.itest.zoo.keeper.Keeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Run as a process, since what the animals do to it cannot be undone: deploys all of them, has each
 * act once, swaps each to a version that does nothing, and prints what the host says about those
 * that have left, as lines {@code verdict NAME VERDICT}, {@code leftover NAME WORDS} and {@code
 * path NAME WORDS}.
 */
final class Zoo {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path folder;
  private final List<Inmate> inmates;
  private final Host host;
  private final ExecutorService caller =
      Executors.newFixedThreadPool(1, Keeper.factory("zoo-caller"));

  private Zoo(Path folder) {
    this.folder = folder;
    this.inmates = Inmates.all(System.getProperty("zoo.jni") != null);
    this.host = ZooHost.open(folder);
  }

  public static void main(String[] arguments) {
    int code = 1;
    try {
      new Zoo(Path.of(arguments[0])).run();
      code = 0;
    } catch (Exception e) {
      e.printStackTrace(System.out);
    }
    System.out.flush();
    Runtime.getRuntime().halt(code); // the animals' hooks are not run
  }

  private void run() throws Exception {
    for (Inmate inmate : inmates) {
      Path jar = ZooHost.jar(inmate, folder);
      System.setProperty("zoo.jar", "jar:" + jar.toUri() + "!/META-INF/MANIFEST.MF");
      host.swap(jar);
      act(inmate);
    }
    List<Receipt> receipts = new ArrayList<>();
    for (Inmate inmate : inmates) {
      receipts.add(host.swap(ZooHost.next(inmate, folder)).awaitReclaimed(LIMIT));
    }
    tellLeftovers(receipts);
    host.leaks().collectNow(LIMIT);
    tellPaths();
    tellVerdicts();
  }

  /** On the thread that goes on living, which keeps what comes back. */
  private void act(Inmate inmate) throws Exception {
    caller
        .submit(
            () -> {
              host.handle(Animal.class, "(animal=" + inmate.name() + ")")
                  .use(animal -> keep(inmate, animal.act()));
              return null;
            })
        .get();
  }

  private static void keep(Inmate inmate, Object result) {
    if (result != null) {
      Keeper.KEPT.put(inmate.name(), result);
    }
  }

  private void tellLeftovers(List<Receipt> receipts) {
    for (Receipt receipt : receipts) {
      Retirement retirement = receipt.retirement().orElseThrow();
      for (Leftover leftover : retirement.leftovers()) {
        tell("leftover", retirement.generation().plugin(), leftover.label());
      }
    }
  }

  private void tellPaths() {
    HeapWalk.Estimate estimate = host.leaks().estimate().orElseThrow();
    long begin = System.nanoTime();
    List<HoldingPath> paths = host.leaks().why(Optional.empty());
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    for (HoldingPath path : paths) {
      tell("path", path.generation().plugin(), path.label());
    }
    System.out.printf(
        "walked for %d generations in %d ms, estimated %d ms%n",
        paths.size(), took.toMillis(), estimate.whole().toMillis());
  }

  private void tellVerdicts() {
    List<Leaks.Watched> there = host.leaks().watched();
    for (Inmate inmate : inmates) {
      Verdict verdict =
          there.stream()
              .filter(watched -> watched.generation().plugin().equals(inmate.name()))
              .map(Leaks.Watched::verdict)
              .findFirst()
              .orElse(Verdict.COLLECTED);
      tell("verdict", inmate.name(), verdict.name());
    }
  }

  private static void tell(String what, String name, String words) {
    System.out.println(what + " " + name + " " + words);
  }
}
