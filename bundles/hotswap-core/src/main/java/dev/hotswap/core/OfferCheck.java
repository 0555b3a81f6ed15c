package dev.hotswap.core;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether a generation that was started offers what it is brought up for. Thread-safe. */
final class OfferCheck {
  private final World world;
  private final Installer installer;
  private final Retirer retirer;

  OfferCheck(World world, Installer installer, Retirer retirer) {
    this.world = world;
    this.installer = installer;
    this.retirer = retirer;
  }

  /**
   * Waits until it offers what is needed of it.
   *
   * @param limit for so long
   * @param heedsInterrupts whether an interrupt ends the wait; it is kept in any case
   * @throws SwapRefusedException when it does not, or a service of it is of a wrong type
   */
  void require(Change change, Duration limit, boolean heedsInterrupts) {
    boolean offered = await(change, limit, heedsInterrupts);
    Subject subject = change.subject();
    for (LiveGeneration.Misfit misfit : change.next().misfits()) {
      throw new SwapRefusedException(
          new Refusal.WrongClassSpace(
              subject.what(),
              misfit.contract(),
              misfit.provider(),
              misfit.reason(),
              subject.stands()));
    }
    if (!offered) {
      throw new SwapRefusedException(refusal(change, limit));
    }
  }

  private boolean await(Change change, Duration limit, boolean heedsInterrupts) {
    long end = System.nanoTime() + limit.toNanos();
    AtomicBoolean offers = new AtomicBoolean();
    Uninterrupted.Wait wait =
        () ->
            offers.set(
                world.awaitOffers(
                    change.next(), change.needed(), Duration.ofNanos(end - System.nanoTime())));
    if (!heedsInterrupts) {
      Uninterrupted.run(wait);
      return offers.get();
    }
    try {
      wait.run();
      return offers.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Draft.interrupted(change.subject());
    }
  }

  /**
   * Why one that does not offer enough is refused.
   *
   * @param limit how long it was waited for
   */
  Refusal refusal(Change change, Duration limit) {
    LiveGeneration next = change.next();
    Subject subject = change.subject();
    List<String> offered = names(next.contracts());
    List<String> missing = new ArrayList<>(names(change.needed()));
    missing.removeAll(offered);
    return new Refusal.NoContractService(
        subject.what(),
        missing.isEmpty() ? installer.contracts() : missing,
        offered,
        String.join("; ", troubles(next, limit)),
        subject.stands());
  }

  private List<String> troubles(LiveGeneration next, Duration limit) {
    List<String> troubles = new ArrayList<>(next.troubles());
    if (troubles.isEmpty()) {
      troubles.add("waited " + limit.toMillis() + " ms for it");
    }
    if (retirer.isHeld(next)) {
      troubles.addAll(retirer.held(next).unsatisfied());
    }
    return troubles;
  }

  private static List<String> names(Iterable<Class<?>> types) {
    Set<String> names = new TreeSet<>();
    types.forEach(type -> names.add(type.getName()));
    return List.copyOf(names);
  }
}
