package dev.hotswap.gogo;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.StagedSet;
import dev.hotswap.api.Step;
import dev.hotswap.api.Subscription;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.SwapOptions;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Shows what it is given, writes down what it is asked for, and swaps nothing. */
final class FakeSwapper implements Swapper {
  static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  final List<String> deeds = new CopyOnWriteArrayList<>();
  final List<SwapListener> listeners = new CopyOnWriteArrayList<>();
  volatile Snapshot snapshot = new Snapshot(NOON, List.of(), List.of());
  volatile List<Receipt> receipts = List.of();
  volatile List<Holder> holders = List.of();
  volatile List<Generation> draining = List.of();
  volatile List<Generation> wayBack = List.of();
  volatile Plan plan = new Plan(List.of(), List.of(), List.of());
  volatile Optional<Refusal> refusal = Optional.empty();
  volatile Optional<Error> thrown = Optional.empty();
  volatile SwapOptions options = SwapOptions.NONE;

  /** Goes on during a swap, on its asker's thread. */
  volatile Runnable meanwhile = () -> {};

  void tell(SwapEvent event) {
    listeners.forEach(listener -> listener.on(event));
  }

  void enter(Step step) {
    listeners.forEach(listener -> listener.entered(step));
  }

  private Swap done(String deed) {
    deeds.add(deed);
    meanwhile.run();
    if (thrown.isPresent()) {
      throw thrown.get();
    }
    if (refusal.isPresent()) {
      throw new SwapRefusedException(refusal.get());
    }
    Receipt receipt = receipts.get(0);
    return new Swap() {
      @Override
      public Receipt receipt() {
        return receipt;
      }

      @Override
      public Receipt awaitReclaimed(Duration limit) {
        return receipt;
      }
    };
  }

  @Override
  public Plan plan(SwapOptions given, Path... jars) {
    options = given;
    deeds.add("plan " + Arrays.toString(jars));
    return plan;
  }

  @Override
  public Swap swap(SwapOptions given, Path... jars) {
    options = given;
    return done("swap " + Arrays.toString(jars));
  }

  @Override
  public Swap rollback(SwapOptions options, String plugin) {
    return done("rollback " + plugin + " for " + options.asked().orElseThrow());
  }

  @Override
  public Swap rollback(SwapOptions options, String plugin, long generation) {
    return done(
        "rollback " + plugin + " to " + generation + " for " + options.asked().orElseThrow());
  }

  @Override
  public List<Generation> wayBack(String plugin) {
    return wayBack;
  }

  @Override
  public Swap unload(SwapOptions options, String plugin) {
    return done("unload " + plugin + " for " + options.asked().orElseThrow());
  }

  @Override
  public List<Generation> decideDrain(String plugin, DeadlinePolicy policy) {
    deeds.add("decide " + plugin + " " + policy);
    return draining;
  }

  @Override
  public StagedSet stage(SwapOptions given, Path... jars) {
    throw new UnsupportedOperationException("the shell stages nothing");
  }

  @Override
  public List<Receipt> receipts() {
    return receipts;
  }

  @Override
  public Optional<Receipt> receipt(long id) {
    return receipts.stream().filter(receipt -> receipt.id() == id).findFirst();
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public List<Generation> dependents(String plugin) {
    return List.of();
  }

  @Override
  public List<Holder> holders(String plugin) {
    return holders;
  }

  @Override
  public Subscription subscribe(SwapListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
