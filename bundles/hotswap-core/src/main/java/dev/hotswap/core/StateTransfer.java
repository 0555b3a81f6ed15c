package dev.hotswap.core;

import dev.hotswap.api.Generation;
import dev.hotswap.api.StateKeeper;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Has one generation give its state and another take it, by their own code, each for a limited
 * time. What they throw goes on as text. Thread-safe.
 */
final class StateTransfer {
  private final Installer installer;
  private final ForeignCode foreign;
  private final Retirer retirer;

  StateTransfer(Installer installer, ForeignCode foreign, Retirer retirer) {
    this.installer = installer;
    this.foreign = foreign;
    this.retirer = retirer;
  }

  /**
   * A state on its way.
   *
   * @param version of the generation that gave it
   * @param back whether somebody has begun to hand it back
   */
  record Given(Object state, String version, AtomicBoolean back) {
    /** It is handed back once, by whoever comes first. */
    boolean tryTakeBack() {
      return back.compareAndSet(false, true);
    }
  }

  /** The state holds code of a generation. */
  static final class ForeignStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StateWalk.Foreign found;
    private final transient Generation of;

    ForeignStateException(StateWalk.Foreign found, Generation of) {
      super(null, null, false, false);
      this.found = found;
      this.of = of;
    }

    StateWalk.Foreign found() {
      return found;
    }

    Generation of() {
      return of;
    }
  }

  /**
   * Its state, whose classes are none of a generation as far as can be seen; empty where it has
   * none.
   *
   * @throws StepFailedException when it does not give it in time
   * @throws ForeignStateException when it holds an object of a class that gets swapped
   */
  Optional<Given> give(long swap, LiveGeneration giver, Duration limit) {
    Object state =
        within(
                limit,
                "hotswap-give-" + swap,
                giver + " did not give its state",
                () -> Optional.ofNullable(looked(keeper(giver).giveState())))
            .orElse(null);
    return Optional.ofNullable(state)
        .map(some -> new Given(some, giver.generation().version(), new AtomicBoolean()));
  }

  private Object looked(Object state) {
    StateWalk walk = new StateWalk(type -> installer.definedBy(type).isPresent());
    Optional<StateWalk.Foreign> found = walk.firstForeign(state);
    if (found.isPresent()) {
      Generation of = installer.definedBy(found.get().type()).orElseThrow();
      throw new ForeignStateException(found.get(), of);
    }
    return state;
  }

  /**
   * @throws StepFailedException when it does not take it in time
   */
  void take(long swap, LiveGeneration taker, Given given, Duration limit) {
    within(
        limit,
        "hotswap-take-" + swap,
        taker + " did not take the state of " + given.version() + " over",
        () -> {
          takeHere(taker, given);
          return true;
        });
  }

  /** As {@link #take}, on this thread, which is one for code of plugins. */
  void takeHere(LiveGeneration taker, Given given) {
    keeper(taker).takeState(given.state(), given.version());
  }

  private StateKeeper keeper(LiveGeneration generation) {
    return retirer
        .held(generation)
        .stateKeeper()
        .or(() -> generation.bindings().stream().flatMap(StateTransfer::keeper).findFirst())
        .orElseThrow(
            () ->
                new StepFailedException(
                    "its manifest says that it keeps state, but none of its services is a"
                        + " StateKeeper"));
  }

  private static Stream<StateKeeper> keeper(Binding<?> binding) {
    return binding.service instanceof StateKeeper keeper ? Stream.of(keeper) : Stream.empty();
  }

  private <T> T within(Duration limit, String thread, String failure, Supplier<T> code) {
    try {
      return foreign
          .within(limit, thread, code, late -> {})
          .orElseThrow(
              () ->
                  new StepFailedException(
                      "it took longer than " + limit.toMillis() + " ms and was interrupted"));
    } catch (ForeignStateException e) {
      throw e;
    } catch (StepFailedException e) {
      throw new StepFailedException(failure + ": " + e.getMessage());
    } catch (RuntimeException | Error e) {
      throw new StepFailedException(failure + ": " + Thrown.asText(e)); // e may be a plugin's
    }
  }
}
