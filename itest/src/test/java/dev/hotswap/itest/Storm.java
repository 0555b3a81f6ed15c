package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Counter;
import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.itest.contract.Told;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkEvent;

/**
 * Plugins and a library, swapped and disturbed at random, in rounds, while threads call them in
 * every way. Each call, each deed and what each round leaves behind is compared with a {@link
 * Model} for each {@link Region}. In every second round the regions are disturbed at the same time,
 * each by a thread of its own.
 */
final class Storm implements AutoCloseable {
  private static final Duration LIMIT = Front.LIMIT;

  /** Some rollbacks find what they go back to standing by, others come too late for that. */
  private static final Duration STANDBY = Duration.ofMillis(100);

  /**
   * Long for a machine that is busy with other things, and short for the deed that waits it out.
   */
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private static final int DEEDS = 50; // in a round
  private static final int BURST = 200; // calls before a pause: many callers, and many deeds
  private static final int DEPTH = 3; // of the history
  private static final int TOLD = 12; // deeds, in a failure's message

  /** A jar or two that the JDK opens late, a thread or two that it starts. */
  private static final long SLACK = 3;

  private final SplittableRandom random;
  private final Host host;
  private final Tally tally = new Tally();
  private final Front first;
  private final Front second;
  private final int bundlesAtOpen;
  private final Deque<String> told = new ArrayDeque<>(); // guarded by itself
  private final Deque<String> errors = new ConcurrentLinkedDeque<>(); // the framework's
  private long deeds; // guarded by what is told
  private long rounds;

  Storm(long seed, Path folder) {
    this.random = new SplittableRandom(seed);
    this.host =
        Hosts.builder()
            .standby(STANDBY)
            .history(DEPTH)
            .share(Greeter.class, Clock.class, Counter.class)
            .share(Told.Relay.class, Told.Outer.class, Told.Sole.class, Told.Leaf.class)
            .share(Told.Stayer.class)
            .base(RealBundles.scrAndConfigAdmin())
            .availability(LIMIT)
            .startLimit(START_LIMIT)
            .listener(tally)
            .open();
    host.bundleContext().addFrameworkListener(this::note);
    this.bundlesAtOpen = host.bundleContext().getBundles().length;
    Function<Bundle, Long> number = this::numberOf;
    System.getProperties().put("test.number", number);
    this.first = front(Region.FIRST, folder);
    this.second = front(Region.SECOND, folder);
  }

  private Front front(Region region, Path folder) {
    return new Front(region, host, tally, random.split(), folder, new Model(DEPTH));
  }

  /**
   * Of the generation that starts: the newest that was made of such a bundle. Where somebody has
   * updated the bundle none was, and it is the current one.
   */
  private long numberOf(Bundle starting) {
    List<Snapshot.Live> live =
        host.snapshot().plugin(starting.getSymbolicName()).orElseThrow().generations();
    String version = starting.getVersion().toString();
    return live.stream()
        .filter(each -> each.generation().version().equals(version))
        .max(Comparator.comparing(each -> each.generation().number()))
        .or(() -> live.stream().filter(each -> each.stage() == Stage.CURRENT).findFirst())
        .orElseThrow()
        .generation()
        .number();
  }

  /** Rages for so long, and at least two rounds; the first tells what the later ones may leave. */
  void rage(Duration time) throws Exception {
    first.swap(Region.GREETER, StormJars::component); // the first component takes the JVM long
    long end = System.nanoTime() + time.toNanos();
    round();
    Footprint before = Footprint.now();
    do {
      round();
    } while (System.nanoTime() < end);
    Footprint after = Footprint.now();
    assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + SLACK);
    assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + SLACK);
  }

  /** What it has done so far, and last. */
  String story() {
    synchronized (told) {
      return "rounds=%d deeds=%d calls=%d last=%s".formatted(rounds, deeds, tally.calls(), told);
    }
  }

  /** How things stand, in a line. */
  String shortScene() {
    StringBuilder scene = new StringBuilder("framework errors " + errors + ", generations");
    for (Snapshot.Plugin plugin : host.snapshot().plugins()) {
      plugin.generations().forEach(each -> scene.append(' ').append(line(each)));
    }
    for (Bundle bundle : host.bundleContext().getBundles()) {
      scene.append(", ").append(bundle).append(' ').append(bundle.getVersion());
      scene.append(" state ").append(bundle.getState());
      scene.append(' ').append(Arrays.toString(bundle.getRegisteredServices()));
    }
    return scene.toString();
  }

  private static String line(Snapshot.Live live) {
    return live.generation().id() + "/" + live.generation().version() + "/" + live.stage();
  }

  private void note(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR) {
      errors.addLast(Instant.now() + " " + event.getThrowable());
      if (errors.size() > TOLD) {
        errors.removeFirst();
      }
    }
  }

  /** Everything: for whoever looks into a failure, which the next run may not show. */
  String scene() {
    StringBuilder scene = new StringBuilder(shortScene() + "\n" + host.snapshot());
    for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      scene.append("\n").append(thread);
    }
    return scene.toString();
  }

  private record Footprint(long descriptors, long threads) {
    static Footprint now() {
      return new Footprint(
          ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
              .getOpenFileDescriptorCount(),
          ManagementFactory.getThreadMXBean().getThreadCount());
    }
  }

  private void round() throws Exception {
    first.deployAll();
    second.deployAll();
    Meanwhile meanwhile = new Meanwhile();
    try (Callers callers = new Callers(BURST)) {
      start(callers, meanwhile);
      if (rounds % 2 == 0) {
        disturbInTurns(callers);
      } else {
        disturbAtOnce(callers);
      }
      meanwhile.end();
      callers.stop();
      meanwhile.closeAll();
      assertThat(callers.failures()).isEmpty();
    } finally {
      meanwhile.end();
    }
    first.unloadAll();
    second.unloadAll();
    requireNothingLeft();
    rounds++;
  }

  private void start(Callers callers, Meanwhile meanwhile) {
    callers
        .start("greet", visitor(first, meanwhile)::greet)
        .start("tell", visitor(first, meanwhile)::tell)
        .start("proxies", visitor(first, meanwhile)::proxies)
        .start("nest", visitor(first, meanwhile)::nest)
        .start("linger", visitor(first, meanwhile)::linger)
        .start("fail", visitor(first, meanwhile)::fail)
        .start("lease", visitor(first, meanwhile)::lease)
        .start("lease-both", visitor(first, meanwhile)::leaseBoth)
        .start("pair", visitor(first, meanwhile)::pair)
        .start("pair-again", visitor(first, meanwhile)::pair)
        .start("ask-outer", visitor(first, meanwhile)::askOuter)
        .start("count", visitor(second, meanwhile)::count)
        .start("ask-sole", visitor(second, meanwhile)::askSole)
        .start("ask-leaf", visitor(second, meanwhile)::askLeaf)
        .start("ask-stayer", visitor(second, meanwhile)::askStayer)
        .start("close", meanwhile::doOne);
  }

  private Visitor visitor(Front front, Meanwhile meanwhile) {
    return new Visitor(host, front.model(), tally, meanwhile);
  }

  private void disturbInTurns(Callers callers) throws Exception {
    for (int i = 0; i < DEEDS && callers.failures().isEmpty(); i++) {
      doOne(random.nextInt(3) == 0 ? second : first);
      tally.requireWithdrawals();
    }
  }

  private void disturbAtOnce(Callers callers) throws Exception {
    List<FutureTask<Boolean>> both = new ArrayList<>();
    for (Front front : List.of(first, second)) {
      FutureTask<Boolean> task = new FutureTask<>(() -> disturb(front, callers));
      both.add(task);
      new Thread(task, "disturbing-" + front.region()).start();
    }
    for (FutureTask<Boolean> task : both) {
      task.get();
    }
    tally.requireWithdrawals();
  }

  private boolean disturb(Front front, Callers callers) throws Exception {
    for (int i = 0; i < DEEDS / 2 && callers.failures().isEmpty(); i++) {
      doOne(front);
    }
    return true;
  }

  private void doOne(Front front) throws Exception {
    Deed deed = Deed.any(front.region(), front.random());
    synchronized (told) {
      deeds++;
      told.addLast(deed.name());
      if (told.size() > TOLD) {
        told.removeFirst();
      }
    }
    deed.in(front);
    front.requireCurrent();
  }

  private void requireNothingLeft() throws Exception {
    List<Receipt> receipts = new ArrayList<>(first.seenOff());
    receipts.addAll(second.seenOff());
    assertThat(tally.settle(receipts)).as("calls by generation").isEmpty();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(host.snapshot().plugins()).isEmpty());
    assertThat(host.bundleContext().getBundles()).hasSize(bundlesAtOpen);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(first.loaders() + second.loaders()).isZero());
    first.forgetLoaders();
    second.forgetLoaders();
  }

  @Override
  public void close() {
    try {
      host.close();
    } finally {
      System.getProperties().remove("test.number");
    }
  }
}
