package dev.hotswap.examples.app;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The swaps of one run: carries them out, times them, and keeps their receipts. One thread. */
final class Swaps {
  private final Host host;
  private final Tally tally;
  private final List<Swap> done = new ArrayList<>();
  private final List<Duration> times = new ArrayList<>();

  Swaps(Host host, Tally tally) {
    this.host = host;
    this.tally = tally;
  }

  /**
   * Loads the first release.
   *
   * @throws SwapRefusedException when that is refused
   */
  void deploy(Path jar) {
    done.add(host.swap(jar));
  }

  /**
   * Swaps the next release in.
   *
   * @return the refusal, if it was refused
   */
  Optional<String> swap(Path jar) {
    long began = System.nanoTime();
    try {
      Swap swap = host.swap(jar);
      if (swap.receipt().outcome() == Receipt.Outcome.SWAPPED) {
        tally.swapReturned(began);
        times.add(Duration.ofNanos(System.nanoTime() - began));
        done.add(swap);
      }
      return Optional.empty();
    } catch (SwapRefusedException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** How many times one generation took the place of another. */
  int count() {
    return times.size();
  }

  /** How long each of them took, from jar in hand to new code answering. */
  List<Duration> times() {
    return List.copyOf(times);
  }

  /** Waits until every generation but the current one is reclaimed. */
  void awaitReclaimed(Duration limit) throws InterruptedException, TimeoutException {
    for (Swap swap : done) {
      swap.awaitReclaimed(limit);
    }
  }

  /** Every generation there has been, oldest first. */
  List<Lifetime> lifetimes() {
    Map<Generation, Lifetime> lifetimes = new LinkedHashMap<>();
    for (Swap swap : done) {
      swap.receipt().retirement().ifPresent(gone -> add(Lifetime.of(gone), lifetimes));
    }
    live().forEach(live -> add(Lifetime.of(live), lifetimes));
    return List.copyOf(lifetimes.values());
  }

  private static void add(Lifetime lifetime, Map<Generation, Lifetime> lifetimes) {
    lifetimes.putIfAbsent(lifetime.generation(), lifetime);
  }

  /** What there is to show now. */
  LiveLine.Moment moment(Duration at) {
    Generation current = done.get(done.size() - 1).receipt().to().orElseThrow();
    long inFlight = live().mapToLong(live -> live.calls().inFlight()).sum();
    return new LiveLine.Moment(at, current, tally.calls(), inFlight, count());
  }

  private Stream<Snapshot.Live> live() {
    return host.snapshot().plugins().stream().flatMap(plugin -> plugin.generations().stream());
  }
}
