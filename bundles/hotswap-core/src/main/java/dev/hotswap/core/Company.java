package dev.hotswap.core;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Generations that are brought up together, each other's companions. While they are staged they may
 * be wired to each other, and may call each other by way of {@link World#ownHandle(Class,
 * Company)}. Its members do not change; compared by identity. Thread-safe.
 */
public final class Company {
  /** Whoever was brought up by nobody's side. */
  static final Company NONE = new Company(Map.of());

  private final Map<String, LiveGeneration> byPlugin;

  private Company(Map<String, LiveGeneration> byPlugin) {
    this.byPlugin = Map.copyOf(byPlugin);
  }

  /** Tells all of them that they are brought up together. */
  static void introduce(Collection<LiveGeneration> members) {
    Company company =
        new Company(
            members.stream()
                .collect(Collectors.toMap(live -> live.generation().plugin(), live -> live)));
    members.forEach(live -> live.company(company));
  }

  /** The generation of that plugin among them. */
  Optional<LiveGeneration> member(String plugin) {
    return Optional.ofNullable(byPlugin.get(plugin));
  }

  /** Whether nobody else is of it. */
  public boolean isAlone() {
    return byPlugin.size() < 2;
  }

  /** Whether one of them is staged and offers the contract. */
  public boolean offers(Class<?> contract) {
    return byPlugin.values().stream()
        .filter(LiveGeneration::isStaged)
        .flatMap(live -> live.bindings().stream())
        .anyMatch(binding -> binding.contract() == contract);
  }

  /** What the staged ones offer best; {@link Binding#ABSENT} where they offer nothing of it. */
  @SuppressWarnings("unchecked") // a choice takes bindings of its own contract only
  <S> Binding<S> best(Choice<S> choice) {
    return (Binding<S>)
        byPlugin.values().stream()
            .filter(LiveGeneration::isStaged)
            .flatMap(live -> live.bindings().stream())
            .filter(choice::takes)
            .min(Binding.BEST_FIRST)
            .orElse(Binding.ABSENT);
  }

  /** Whether one of them is current. */
  public boolean isCurrent() {
    return byPlugin.values().stream().anyMatch(LiveGeneration::isCurrent);
  }

  /** Whether all of them are gone. */
  public boolean hasEnded() {
    return byPlugin.values().stream().allMatch(LiveGeneration::hasEnded);
  }

  /** The generations by their ids, which no other company has. */
  @Override
  public String toString() {
    return byPlugin.values().stream()
        .map(live -> live.generation().id())
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
