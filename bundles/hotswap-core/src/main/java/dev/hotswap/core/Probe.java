package dev.hotswap.core;

import dev.hotswap.api.Answer;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
   * @return who answered for each, for the receipt
   * @throws SwapRefusedException when other code answered
   */
  List<Answer> ask(LiveGeneration next, Set<Class<?>> needed, Subject subject) {
    List<Answer> answers = new ArrayList<>();
    Set<Class<?>> contracts = new LinkedHashSet<>(needed);
    contracts.addAll(next.contracts());
    if (contracts.isEmpty()) {
      throw new SwapRefusedException(
          new Refusal.NotAnswering(
              subject.what(), "its contract", "it offers nothing any more", subject.stands()));
    }
    for (Class<?> contract : contracts) {
      answers.add(ask(world.ownHandle(contract), next.generation(), subject));
    }
    return answers;
  }

  private <S> Answer ask(Handle<S> handle, Generation next, Subject subject) {
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
      return new Answer(
          handle.contract().getName(), type.getName(), loader(type), definedBy, answering);
    } catch (NoGenerationException e) {
      throw notAnswering(handle, subject, "nothing did");
    }
  }

  /** Not by its own words, which may be a plugin's. */
  private static String loader(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null
        ? "bootstrap"
        : loader.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(loader));
  }

  private static SwapRefusedException notAnswering(
      Handle<?> handle, Subject subject, String reason) {
    return new SwapRefusedException(
        new Refusal.NotAnswering(
            subject.what(), handle.contract().getName(), reason, subject.stands()));
  }
}
