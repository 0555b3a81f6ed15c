package dev.hotswap.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What operators do. Swaps are carried out one at a time, in the order in which they were asked
 * for; drains run on in the background. Thread-safe. May be called from inside a call on a plugin.
 */
public interface Swapper {
  /**
   * Says what {@link #swap(Path...)} of these files would do, without doing any of it.
   *
   * @param jars OSGi bundles; only read
   * @throws SwapRefusedException when a file is no bundle at all
   */
  default Plan plan(Path... jars) {
    return plan(SwapOptions.NONE, jars);
  }

  /** As {@link #plan(Path...)}, of {@link #swap(SwapOptions, Path...)} with these options. */
  Plan plan(SwapOptions options, Path... jars);

  /**
   * Brings the jars up beside what is current, and with them new copies of what is wired to what
   * they replace; moves every new call to all of them in one step, and returns when calls through
   * the handles have been answered by them. The old generations finish their calls and are then
   * reclaimed, in the background.
   *
   * <p>Files with the very bytes that are current change nothing and say so in the receipt.
   *
   * <p>Where a plugin has as many live generations as it may, the swap waits until one has drained,
   * for at most the drain deadline, and is then refused. Swaps of other plugins go on meanwhile.
   *
   * <p>An interrupt of the calling thread before the publish gives the swap up, and it is refused;
   * after it the swap stands. Where callers are held and two generations are being exchanged, it
   * goes through or all the way back. The flag is kept in any case. The same goes for a rollback.
   *
   * @param jars OSGi bundles; only read, and only before this method returns
   * @throws SwapRefusedException when it did not happen; what was current still is, all of it
   */
  default Swap swap(Path... jars) {
    return swap(SwapOptions.NONE, jars);
  }

  /** As {@link #swap(Path...)}, asked for by somebody with a name and a reason. */
  default Swap swap(Asked asked, Path... jars) {
    return swap(SwapOptions.NONE.withAsked(asked), jars);
  }

  /**
   * As {@link #swap(Path...)}, by whom and with drains that end as the options say.
   *
   * @param options where this swap differs from the host's settings, and who asks for it
   */
  Swap swap(SwapOptions options, Path... jars);

  /**
   * The first half of {@link #swap(Path...)}: everything but the publish.
   *
   * @param jars as for {@link #swap(Path...)}
   * @throws SwapRefusedException when it cannot be staged; nothing has changed
   */
  default StagedSet stage(Path... jars) {
    return stage(Asked.here(), jars);
  }

  /** As {@link #stage(Path...)}, asked for by somebody with a name and a reason. */
  default StagedSet stage(Asked asked, Path... jars) {
    return stage(SwapOptions.NONE.withAsked(asked), jars);
  }

  /**
   * The first half of {@link #swap(SwapOptions, Path...)}; the options go for the publish too.
   *
   * @param options where it differs from the host's settings, and who asks for it
   */
  StagedSet stage(SwapOptions options, Path... jars);

  /**
   * Undoes the last swap of the plugin, and of whatever was swapped together with it: the
   * generations before answer again, under new numbers. From standby that is a start and a publish;
   * from the content store an ordinary swap of the old bytes. Once more goes one further back.
   *
   * @param plugin the bundle symbolic name
   * @throws SwapRefusedException when there is nothing to go back to, or when one of the set has
   *     been swapped since; what was current still is
   */
  default Swap rollback(String plugin) {
    return rollback(Asked.here(), plugin);
  }

  /** As {@link #rollback(String)}, asked for by somebody with a name and a reason. */
  default Swap rollback(Asked asked, String plugin) {
    return rollback(SwapOptions.NONE.withAsked(asked), plugin);
  }

  /**
   * As {@link #rollback(String)}, by whom and with drains that end as the options say.
   *
   * @param options where it differs from the host's settings, and who asks for it. It is not to be
   *     reversed: {@link DeadlinePolicy#REVERSE} is as {@link DeadlinePolicy#WAIT}
   */
  Swap rollback(SwapOptions options, String plugin);

  /**
   * Goes back to an earlier generation of the plugin, over as many of its swaps as that takes, in
   * one publish: each is undone whole, as by {@link #rollback(Asked, String)}, and what was swapped
   * together comes back together.
   *
   * @param plugin the bundle symbolic name
   * @param generation the number of one of those that {@link #wayBack} lists; what answers then has
   *     its bytes, and a new number
   * @throws SwapRefusedException when it is none of these, or does not come up; what was current
   *     still is
   */
  default Swap rollback(Asked asked, String plugin, long generation) {
    return rollback(SwapOptions.NONE.withAsked(asked), plugin, generation);
  }

  /**
   * As {@link #rollback(Asked, String, long)}, with drains that end as the options say.
   *
   * @param options as of {@link #rollback(SwapOptions, String)}
   */
  Swap rollback(SwapOptions options, String plugin, long generation);

  /**
   * What the plugin can be rolled back to: its earlier generations, the last of them first, up to
   * the first swap that cannot be undone since something of its set has been changed afterwards.
   * Empty where there is nothing to go back to, or no such plugin.
   *
   * @param plugin the bundle symbolic name
   */
  List<Generation> wayBack(String plugin);

  /**
   * Takes the plugin away: new calls on its contracts find another provider or wait out the
   * availability time; calls in flight finish, then it is reclaimed, in the background.
   *
   * @param plugin the bundle symbolic name
   * @throws SwapRefusedException when there is no such plugin
   */
  default Swap unload(String plugin) {
    return unload(Asked.here(), plugin);
  }

  /** As {@link #unload(String)}, asked for by somebody with a name and a reason. */
  default Swap unload(Asked asked, String plugin) {
    return unload(SwapOptions.NONE.withAsked(asked), plugin);
  }

  /**
   * As {@link #unload(String)}, with a drain that ends as the options say.
   *
   * @param options as of {@link #rollback(SwapOptions, String)}; nothing is in the place of what
   *     leaves, and so nothing is swapped in place
   */
  Swap unload(SwapOptions options, String plugin);

  /**
   * Whether these bytes were current of the plugin, in this host or in one before it on the same
   * data folder, and none of it is to run by now: it was unloaded, its bundle was uninstalled, or
   * the swap that brought it was undone. False where a restart has left it out, since the next one
   * tries it again; and where nothing is remembered. Of each plugin the last 100 digests are.
   *
   * @param plugin the bundle symbolic name
   * @param sha256 the digest of the bytes, in lower-case hexadecimal digits
   */
  default boolean wasUnloaded(String plugin, String sha256) {
    return false;
  }

  /**
   * The records of the last 100 swaps, newest first, the refused ones among them. Of a swap whose
   * old generations have not left yet it is the record so far. A staged set has one once it is
   * published or refused; one that is discarded never has.
   */
  List<Receipt> receipts();

  /** The record of that swap, if it is one of the last 100. */
  Optional<Receipt> receipt(long id);

  /**
   * Decides now what becomes of the plugin's drains, in place of the policy for their deadline,
   * whether that has passed or not. {@link DeadlinePolicy#WAIT} and {@link
   * DeadlinePolicy#INTERRUPT} are about every draining generation of the plugin, and from then on
   * those wait; so is {@link DeadlinePolicy#FORCE}, which is done in the background, for the
   * generations of a set in their order. {@link DeadlinePolicy#REVERSE} undoes the last swap of
   * those that drain, in turn, and is done when this method returns.
   *
   * <p>While callers are held for the drain, {@link DeadlinePolicy#REVERSE} gives the swap up at
   * once: the draining generation answers again, and the swap is refused.
   *
   * @param plugin the bundle symbolic name
   * @return the draining generations that it was about, oldest first; empty where none is draining
   * @throws SwapRefusedException when there is no such plugin, or the swap cannot be reversed; then
   *     the drain goes on
   */
  List<Generation> decideDrain(String plugin, DeadlinePolicy policy);

  /** What is deployed now. */
  Snapshot snapshot();

  /**
   * The current generations that are wired to the plugin's current one, by a package, a fragment or
   * any other requirement, sorted by name: who would be left without it after an unload. Empty
   * where nobody is, or there is no such plugin. Those who use a service of it are not among them:
   * calls find another provider, or wait.
   *
   * @param plugin the bundle symbolic name
   */
  List<Generation> dependents(String plugin);

  /**
   * Who is inside a generation of the plugin that is to leave, and so keeps it from leaving: all
   * generations of that name together, at most 100 holders each. Empty where nobody is known to be,
   * or there is no such plugin; {@link Snapshot.Live#unnamed()} counts those who are not known.
   *
   * @param plugin the bundle symbolic name
   */
  List<Holder> holders(String plugin);

  /** Watches how long calls take, from now on until it is closed. Costs a look a millisecond. */
  default CallTimes callTimes() {
    return CallTimes.NONE;
  }

  /** Tells {@code listener} every event from now on, until the subscription is closed. */
  Subscription subscribe(SwapListener listener);
}
