package dev.hotswap.core;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.hotswap.api.Holder;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Swaps plugins side by side: the new generation is brought up beside the old one, takes over in
 * one write, and the old one leaves when its last call has ended.
 *
 * <p>Swaps take turns, in the order of asking. A turn lasts until the new generation has answered;
 * it never waits for a drain, which is why a swap may be asked for from inside a call. Each swap
 * has a {@linkplain FreshThreads thread of its own}, which afterwards sees the old generation off
 * and ends.
 *
 * <p>Thread-safe.
 */
public final class SideBySideSwapper implements Swapper, AutoCloseable {
  private final World world;
  private final SwapSettings settings;
  private final Ledger ledger;
  private final Retirer retirer;
  private final SwapSteps steps;
  private final Semaphore turn = new Semaphore(1, true);
  private final AtomicLong ids = new AtomicLong();
  private final FreshThreads threads = new FreshThreads();
  private volatile Thread inTurn;
  private volatile boolean closing;

  /**
   * @param world where it publishes
   * @param installer the framework's side
   * @param store where the bytes go
   * @param settings its times
   * @param clock for the times in events
   */
  public SideBySideSwapper(
      World world,
      Installer installer,
      ContentStore store,
      SwapSettings settings,
      InstantSource clock) {
    this.world = world;
    this.settings = settings;
    this.ledger = new Ledger(store, clock);
    this.retirer = new Retirer(settings.drainDeadline(), ledger);
    this.steps = new SwapSteps(world, installer, settings.startLimit(), ledger, retirer);
  }

  @Override
  public Swap swap(Path jar) {
    return inTurn(jar.toString(), swap -> steps.swap(swap, jar));
  }

  @Override
  public Swap unload(String plugin) {
    return inTurn(plugin, swap -> steps.unload(swap, plugin));
  }

  @Override
  public Snapshot snapshot() {
    return ledger.snapshot();
  }

  @Override
  public List<Holder> holders(String plugin) {
    return ledger.all().stream()
        .filter(live -> live.generation().plugin().equals(plugin))
        .flatMap(live -> live.holders().stream())
        .toList();
  }

  @Override
  public Subscription subscribe(SwapListener listener) {
    return ledger.events().subscribe(listener);
  }

  /**
   * Says that somebody other than a swap takes services of a generation away, or the whole bundle.
   *
   * @param generation whose services they were
   * @param gone whether its bundle is uninstalled
   * @param cause what happened, for the event
   */
  public void withdrawn(LiveGeneration generation, boolean gone, String cause) {
    if (gone) {
      world.publish(Optional.of(generation), Optional.empty());
      retirer.forget(generation);
    }
    ledger.tell(at -> new SwapEvent.Withdrawn(0, at, generation.generation(), cause));
  }

  /**
   * Ends all swapping: waits for the turn, takes every plugin out of the world, gives calls in
   * flight until the drain deadline to end, and then ends the threads that are still seeing
   * generations off. The framework is stopped by the caller, afterwards. Idempotent.
   */
  @Override
  public void close() {
    closing = true;
    boolean interrupted = false;
    boolean ours = false;
    try {
      // a turn ends within the start limit; one that is held by our own caller never would
      ours = turn.tryAcquire(settings.startLimit().multipliedBy(3).toNanos(), NANOSECONDS);
      world.close();
      drainAll();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (ours) {
        turn.release(); // for those who wait for it, to be refused
      }
    }
    interrupted |= !threads.end();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void drainAll() throws InterruptedException {
    long end = System.nanoTime() + settings.drainDeadline().toNanos();
    ledger.all().forEach(Retirer::close);
    for (LiveGeneration generation : ledger.all()) {
      Retirer.awaitDrained(generation, Duration.ofNanos(end - System.nanoTime()));
    }
  }

  private interface Work {
    SwapSteps.Answer on(RunningSwap swap);
  }

  /** Waits for the turn, then swaps on a fresh thread; returns when that has its answer. */
  private Swap inTurn(String what, Work work) {
    awaitTurn(what);
    RunningSwap swap = new RunningSwap(ids.incrementAndGet());
    if (!threads.tryRun("hotswap-swap-" + swap.id(), () -> run(swap, what, work))) {
      refuse(swap, failed(what, "the system gives no thread for it"));
    }
    while (!swap.awaitAnswer(settings.startLimit())) {
      swap.tryAbandon(settings.startLimit()).ifPresent(about -> abandon(swap, about));
    }
    return swap.answer();
  }

  /**
   * The plugin is still starting at its limit. The next swap may begin; should the thread ever come
   * back, it takes away what it has started.
   */
  private void abandon(RunningSwap swap, Subject about) {
    refuse(swap, new Refusal.StartOverdue(about.what(), settings.startLimit(), about.stands()));
    threads.abandon(swap.thread());
  }

  private void awaitTurn(String what) {
    if (inTurn == Thread.currentThread()) {
      throw refused(0, failed(what, "it was asked for by a listener of the swap under way"));
    }
    try {
      turn.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(0, failed(what, "interrupted while waiting its turn"));
    }
    if (closing) {
      turn.release();
      throw refused(0, new Refusal.Closing(what));
    }
  }

  private void run(RunningSwap swap, String what, Work work) {
    swap.runsOn(Thread.currentThread());
    answer(swap, what, work).ifPresent(leaving -> seeOff(swap, leaving));
  }

  /** Ends the turn with an answer or a refusal; answers who has to leave now. */
  private Optional<LiveGeneration> answer(RunningSwap swap, String what, Work work) {
    inTurn = Thread.currentThread();
    try {
      SwapSteps.Answer answer = work.on(swap);
      endTurn();
      swap.answered(answer.receipt());
      return answer.leaving();
    } catch (SwapSteps.SentBackException e) {
      refuse(swap, refusal(what, e.reason()));
      return Optional.of(e.leaving());
    } catch (RuntimeException | Error e) {
      if (!swap.isAbandoned()) {
        refuse(swap, refusal(what, e));
      }
      return Optional.empty();
    }
  }

  private void refuse(RunningSwap swap, Refusal refusal) {
    SwapRefusedException refused = refused(swap.id(), refusal);
    endTurn();
    swap.refused(refused);
  }

  private void endTurn() {
    inTurn = null;
    turn.release();
  }

  private static Refusal refusal(String what, Throwable thrown) {
    return thrown instanceof SwapRefusedException refused
        ? refused.refusal()
        : failed(what, Thrown.asText(thrown));
  }

  private static Refusal failed(String what, String reason) {
    return new Refusal.Failed(what, reason);
  }

  private SwapRefusedException refused(long id, Refusal refusal) {
    ledger.tell(at -> new SwapEvent.Refused(id, at, refusal));
    return new SwapRefusedException(refusal);
  }

  private void seeOff(RunningSwap swap, LiveGeneration leaving) {
    try {
      swap.retired(retirer.retire(swap.id(), leaving));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the host closes, and takes the framework down with it
    } catch (RuntimeException | Error e) {
      System.getLogger(SideBySideSwapper.class.getName())
          .log(
              System.Logger.Level.ERROR,
              "event=not-reclaimed generation=\"" + leaving + "\" thrown=" + Thrown.asText(e));
    }
  }
}
