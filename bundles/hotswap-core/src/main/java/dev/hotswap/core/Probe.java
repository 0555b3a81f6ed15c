package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The proof that new code answers: after publish, each contract is asked for through its handle, as
 * a caller would, and the object that answers must be of the new generation and of its own code.
 * Another plugin that outranks it may answer instead; another generation of the same plugin may
 * not.
 */
final class Probe {
  private final World world;
  private final Installer installer;

  Probe(World world, Installer installer) {
    this.world = world;
    this.installer = installer;
  }

  /**
   * Asks for every contract that the generation offers, or that callers need of it.
   *
   * @return who answered, for the receipt
   * @throws SwapRefusedException when other code answered
   */
  String ask(LiveGeneration next, Set<Class<?>> needed, Subject subject) {
    StringJoiner answers = new StringJoiner(", ");
    Set<Class<?>> contracts = new LinkedHashSet<>(needed);
    contracts.addAll(next.contracts());
    if (contracts.isEmpty()) {
      throw new SwapRefusedException(
          new Refusal.NotAnswering(
              subject.what(), "its contract", "it offers nothing any more", subject.stands()));
    }
    for (Class<?> contract : contracts) {
      answers.add(ask(world.handle(contract), next.generation(), subject));
    }
    return answers.toString();
  }

  private <S> String ask(Handle<S> handle, Generation next, Subject subject) {
    try (Lease<S> lease = handle.lease()) {
      Generation answering = lease.generation();
      Class<?> type = lease.service().getClass();
      if (answering.plugin().equals(next.plugin()) && !answering.equals(next)) {
        throw notAnswering(handle, subject, answering + " answered");
      }
      Optional<Generation> definedBy = installer.definedBy(type);
      if (answering.equals(next) && definedBy.isPresent() && !definedBy.get().equals(next)) {
        throw notAnswering(handle, subject, type.getName() + " is code of " + definedBy.get());
      }
      return type.getName() + " of " + answering.id();
    } catch (NoGenerationException e) {
      throw notAnswering(handle, subject, "nothing did");
    }
  }

  private static SwapRefusedException notAnswering(
      Handle<?> handle, Subject subject, String reason) {
    return new SwapRefusedException(
        new Refusal.NotAnswering(
            subject.what(), handle.contract().getName(), reason, subject.stands()));
  }
}
