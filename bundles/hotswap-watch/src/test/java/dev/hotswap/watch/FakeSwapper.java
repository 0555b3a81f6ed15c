package dev.hotswap.watch;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Mode;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Stage;
import dev.hotswap.api.StagedSet;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Keeps account of what is current, writes down what it is asked for, and runs nothing. */
final class FakeSwapper implements Swapper {
  final List<String> deeds = new ArrayList<>();
  final List<String> noted = new ArrayList<>();
  final Map<String, List<String>> dependents = new HashMap<>();
  final List<Receipt> receipts = new ArrayList<>();
  Function<Content.Bundle, Optional<Refusal>> refuses = bundle -> Optional.empty();
  Function<Content.Bundle, Optional<Refusal>> foresees = bundle -> Optional.empty();
  Runnable meanwhile = () -> {};
  volatile Runnable looked = () -> {};

  Runnable starting = () -> {};
  Optional<Refusal> rollbackFails = Optional.empty();

  private final List<SwapListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Generation> current = new TreeMap<>();
  private final Map<String, List<Generation>> before = new HashMap<>();
  private long numbers;

  /** Whoever imports from a package that neither the set nor what is current exports. */
  FakeSwapper resolves() {
    foresees = refuses = bundle -> Optional.empty();
    resolving = true;
    return this;
  }

  private boolean resolving;
  private final Map<String, List<String>> exported = new HashMap<>();

  Optional<String> version(String plugin) {
    return Optional.ofNullable(current.get(plugin)).map(Generation::version);
  }

  private static List<Content.Bundle> read(Path... jars) {
    return Arrays.stream(jars)
        .map(
            jar -> {
              try {
                return (Content.Bundle) new Reading(1 << 20).read(jar);
              } catch (Exception e) {
                throw new SwapRefusedException(
                    Refusal.UnreadableFile.damaged(jar.toString(), e.toString()));
              }
            })
        .toList();
  }

  private List<Refusal> missing(List<Content.Bundle> set) {
    Set<String> there = new HashSet<>();
    exported.values().forEach(there::addAll);
    set.forEach(bundle -> there.addAll(Sets.names(bundle.headers(), "Export-Package")));
    List<Refusal> refusals = new ArrayList<>();
    for (Content.Bundle bundle : set) {
      List<String> lost = new ArrayList<>(Sets.names(bundle.headers(), "Import-Package"));
      lost.removeAll(there);
      if (resolving && !lost.isEmpty()) {
        refusals.add(new Refusal.Unresolvable(bundle.plugin(), lost, Optional.empty()));
      }
    }
    return refusals;
  }

  @Override
  public Plan plan(SwapOptions options, Path... jars) {
    List<Content.Bundle> set = read(jars);
    List<Refusal> refusals = missing(set);
    set.forEach(bundle -> foresees.apply(bundle).ifPresent(refusals::add));
    return new Plan(List.of(), List.of(), refusals);
  }

  @Override
  public Swap swap(SwapOptions options, Path... jars) {
    deeds.add("swap " + names(jars));
    if (options.startNoted()) {
      noted.add(names(jars));
    }
    List<Content.Bundle> set = read(jars);
    meanwhile.run();
    List<Refusal> refusals = missing(set);
    set.forEach(bundle -> refuses.apply(bundle).ifPresent(refusals::add));
    if (!refusals.isEmpty()) {
      throw new SwapRefusedException(refusals.get(0));
    }
    List<Receipt.Change> changes = new ArrayList<>();
    List<Receipt.Source> sources = new ArrayList<>();
    for (Content.Bundle bundle : set) {
      String version = bundle.headers().get("Bundle-Version");
      changes.add(
          publish(
              bundle.plugin(),
              new Generation(bundle.plugin(), ++numbers, version, bundle.sha256())));
      exported.put(bundle.plugin(), Sets.names(bundle.headers(), "Export-Package"));
      sources.add(new Receipt.Source(bundle.plugin(), Optional.of(bundle.sha256())));
    }
    return done(
        Receipt.Verb.SWAP,
        options.asked().orElseThrow(),
        Receipt.Outcome.SWAPPED,
        sources,
        changes);
  }

  private static String names(Path... jars) {
    return String.join(" ", Arrays.stream(jars).map(jar -> jar.getFileName().toString()).toList());
  }

  private Receipt.Change publish(String plugin, Generation next) {
    Optional<Generation> old = Optional.ofNullable(current.put(plugin, next));
    before.computeIfAbsent(plugin, it -> new ArrayList<>());
    old.ifPresent(before.get(plugin)::add);
    tell(published(receipts.size() + 1, old, next));
    return new Receipt.Change(plugin, old, Optional.of(next), List.of(), Optional.empty());
  }

  private Swap done(
      Receipt.Verb verb,
      Asked asked,
      Receipt.Outcome outcome,
      List<Receipt.Source> sources,
      List<Receipt.Change> changes) {
    Receipt receipt =
        new Receipt(
            receipts.size() + 1,
            new Receipt.Request(verb, asked, Instant.EPOCH, sources),
            Mode.SIDE_BY_SIDE,
            Optional.empty(),
            outcome,
            Optional.empty(),
            changes,
            null,
            Duration.ZERO);
    receipts.add(0, receipt);
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
  public Swap rollback(SwapOptions options, String plugin) {
    List<Generation> olds = before.get(plugin);
    return rollback(options, plugin, olds.get(olds.size() - 1).number());
  }

  @Override
  public Swap rollback(SwapOptions options, String plugin, long generation) {
    long swap = receipts.size() + 1;
    Generation old = current.get(plugin);
    List<Generation> olds = before.get(plugin);
    List<Generation> undone = new ArrayList<>(List.of(old));
    Generation back = olds.remove(olds.size() - 1);
    for (; back.number() != generation; back = olds.remove(olds.size() - 1)) {
      undone.add(back);
    }
    tell(new SwapEvent.RollingBack(swap, Instant.EPOCH, plugin, undone, List.of(back)));
    starting.run();
    if (rollbackFails.isPresent()) {
      tell(new SwapEvent.Refused(swap, Instant.EPOCH, rollbackFails.get()));
      olds.add(back);
      throw new SwapRefusedException(rollbackFails.get());
    }
    Generation next = new Generation(plugin, ++numbers, back.version(), back.sha256());
    current.put(plugin, next);
    tell(published(swap, Optional.of(old), next));
    Receipt.Change change =
        new Receipt.Change(
            plugin, Optional.of(old), Optional.of(next), List.of(), Optional.empty());
    return done(
        Receipt.Verb.ROLLBACK,
        options.asked().orElseThrow(),
        Receipt.Outcome.ROLLED_BACK,
        List.of(),
        List.of(change));
  }

  /** As the drain deadline's policy does: under the number of the swap that is undone. */
  void reverse(long swap, String plugin) {
    Generation from = current.get(plugin);
    List<Generation> olds = before.get(plugin);
    Generation to = olds.remove(olds.size() - 1);
    current.put(plugin, to);
    tell(published(swap, Optional.of(from), to));
    tell(new SwapEvent.Reversed(swap, Instant.EPOCH, from, to));
  }

  private static SwapEvent published(long swap, Optional<Generation> from, Generation to) {
    return new SwapEvent.Published(swap, Instant.EPOCH, to.plugin(), from, Optional.of(to));
  }

  @Override
  public List<Generation> wayBack(String plugin) {
    return List.copyOf(before.getOrDefault(plugin, List.of()));
  }

  @Override
  public Swap unload(SwapOptions options, String plugin) {
    deeds.add("unload " + plugin);
    Generation old = current.remove(plugin);
    exported.remove(plugin);
    Receipt.Change change =
        new Receipt.Change(plugin, Optional.of(old), Optional.empty(), List.of(), Optional.empty());
    return done(
        Receipt.Verb.UNLOAD,
        options.asked().orElseThrow(),
        Receipt.Outcome.UNLOADED,
        List.of(),
        List.of(change));
  }

  @Override
  public List<Generation> dependents(String plugin) {
    return dependents.getOrDefault(plugin, List.of()).stream()
        .filter(current::containsKey)
        .map(current::get)
        .toList();
  }

  @Override
  public Snapshot snapshot() {
    looked.run();
    List<Snapshot.Plugin> plugins = new ArrayList<>();
    current.forEach(
        (name, generation) ->
            plugins.add(
                new Snapshot.Plugin(
                    name,
                    List.of(
                        new Snapshot.Live(
                            generation, Stage.CURRENT, null, List.of(), Optional.empty())))));
    return new Snapshot(Instant.EPOCH, plugins, List.of());
  }

  @Override
  public List<Receipt> receipts() {
    return List.copyOf(receipts);
  }

  @Override
  public Optional<Receipt> receipt(long id) {
    return receipts.stream().filter(receipt -> receipt.id() == id).findFirst();
  }

  @Override
  public StagedSet stage(SwapOptions options, Path... jars) {
    throw new UnsupportedOperationException("nobody stages from a folder");
  }

  @Override
  public List<Generation> decideDrain(String plugin, DeadlinePolicy policy) {
    return List.of();
  }

  @Override
  public List<Holder> holders(String plugin) {
    return List.of();
  }

  @Override
  public Subscription subscribe(SwapListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void tell(SwapEvent event) {
    listeners.forEach(listener -> listener.on(event));
  }
}
