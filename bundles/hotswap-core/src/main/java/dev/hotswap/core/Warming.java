package dev.hotswap.core;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.WarmUp;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/** Has staged services run their warm-ups, where they offer one. Thread-safe. */
final class Warming {
  /**
   * How long a bundle's classes are loaded for before the publish. To load one takes 45 to 95 us,
   * so that is some thousand classes; what a larger bundle has beyond is loaded when it is used.
   */
  static final Duration TOUCH = Duration.ofMillis(100);

  private final ForeignCode foreign;
  private final Duration limit;

  /**
   * @param limit how long all the warm-ups of a plugin may take
   */
  Warming(ForeignCode foreign, Duration limit) {
    this.foreign = foreign;
    this.limit = limit;
  }

  /**
   * @throws SwapRefusedException when one of them throws, or they take too long
   */
  void run(Draft draft, Change change) {
    Set<WarmUp> offered = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Binding<?> binding : change.next().bindings()) {
      if (binding.service instanceof WarmUp warmUp) {
        offered.add(warmUp);
      }
    }
    if (offered.isEmpty()) {
      return; // a thread costs more than the look
    }
    Optional<String> failure =
        foreign
            .within(
                new ForeignCode.Patience(limit, Duration.ZERO, draft.heedsInterrupts()),
                "hotswap-warm-up-" + draft.id(),
                () -> failure(offered),
                late -> {})
            .orElseGet(() -> Optional.of(overdue(draft, change)));
    failure.ifPresent(reason -> refuse(change.subject(), reason));
  }

  private String overdue(Draft draft, Change change) {
    if (draft.isInterrupted()) {
      throw Draft.interrupted(change.subject());
    }
    return "it was still running after " + limit.toMillis() + " ms and was interrupted";
  }

  /** As text: what a plugin throws would keep its classes. */
  private static Optional<String> failure(Set<WarmUp> offered) {
    try {
      for (WarmUp warmUp : offered) {
        warmUp.warmUp();
      }
      return Optional.empty();
    } catch (Throwable e) {
      return Optional.of(Thrown.asText(e));
    }
  }

  private static void refuse(Subject subject, String reason) {
    throw new SwapRefusedException(
        new Refusal.WarmUpFailed(subject.what(), reason, subject.stands()));
  }
}
