package dev.hotswap.itest;

import dev.hotswap.api.Leftover;
import dev.hotswap.api.Swap;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Animal;
import dev.hotswap.itest.zoo.keeper.Keeper;
import dev.hotswap.leaks.JvmLeftovers;
import dev.hotswap.leaks.ThreadPolicy;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** INTERIM */
final class Zoo {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private final Path folder;
  private final ExecutorService caller = Executors.newFixedThreadPool(1, Keeper.factory("zoo-caller"));
  private final Map<String, WeakReference<ClassLoader>> loaders = new LinkedHashMap<>();
  private final Map<String, List<Leftover>> leftovers = new LinkedHashMap<>();

  private Zoo(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    try { new Zoo(Path.of(arguments[0])).visit(); } catch (Throwable e) { e.printStackTrace(System.out); }
    Runtime.getRuntime().halt(0); // what the animals have left is not run
  }

  private void visit() throws Exception {
    List<Inmate> inmates = Inmates.all().stream().filter(i -> System.getProperty("only") == null || List.of(System.getProperty("only").split(",")).contains(i.name())).toList();
    JvmLeftovers undo = new JvmLeftovers(ThreadPolicy.REPORT);
    Host host = ZooHost.open(folder);
    long t=System.nanoTime();
    for (Inmate inmate : inmates) {
      host.swap(ZooHost.jar(inmate, folder));
      try { act(host, inmate); } catch (Exception e) { System.out.println("FAIL " + inmate.name() + " " + e + " " + e.getCause()); }
    }
    System.out.println("acted " + (System.nanoTime()-t)/1000000);
    for (Inmate inmate : inmates) {
      Swap swap = host.swap(ZooHost.next(inmate, folder));
      swap.awaitReclaimed(LIMIT);
      undo(undo, inmate);
    }
    for (int i = 0; i < 5; i++) { System.gc(); Thread.sleep(100); }
    int right=0;
    for (Inmate inmate : inmates) {
      String verdict = loaders.get(inmate.name()).refersTo(null) ? "COLLECTED" : "HELD";
      boolean l = leftovers.get(inmate.name()).size()==inmate.leftover().size() && (inmate.leftover().isEmpty() || leftovers.get(inmate.name()).get(0).what().contains(inmate.leftover().get(0)));
      System.out.println((verdict.equals(inmate.verdict().name())?"ok   ":"WRONG") +(l?" ":" LEFT ")+ " " + inmate.name() + " " + inmate.verdict() + " " + verdict + " " + leftovers.get(inmate.name()).stream().map(Leftover::label).toList());
    }
    if (System.getProperty("dump") != null) {
      java.lang.management.ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class).dumpHeap(System.getProperty("dump"), true);
    }
  }

  private void undo(JvmLeftovers undo, Inmate inmate) {
    leftovers.put(inmate.name(), undo.undo(loaders.get(inmate.name()).get()));
  }

  private void act(Host host, Inmate inmate) throws Exception {
    caller
        .submit(
            () ->
                host.handle(Animal.class, "(animal=" + inmate.name() + ")")
                    .with(
                        animal -> {
                          loaders.put(inmate.name(), new WeakReference<>(animal.getClass().getClassLoader()));
                          Object kept = animal.act();
                          if (kept != null) {
                            Keeper.KEPT.put(inmate.name(), kept);
                          }
                          return null;
                        }))
        .get();
    caller.submit(() -> {}).get();
  }
}
