package dev.hotswap.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a plugin offers whose state survives a swap: its last generation gives the state out, and
 * the next one takes it over before any caller reaches it. Callers are held meanwhile.
 *
 * <p>A plugin registers one as a service of this name, or a service of its contract implements it
 * too; and it says so beforehand with {@link KeepsState}, since a plan is made from the manifest.
 * State is handed over where both generations say so.
 *
 * <p>What the state is made of is an agreement between the versions of the plugin, in both
 * directions: a rollback hands the state of the newer version to the older one. Its classes come
 * from the JDK, or from packages that callers and plugins share. A state that holds an object of
 * code that gets swapped would keep that code for ever, and is refused, as far as it can be seen.
 *
 * <p>Both methods are called by one thread at a time, while nobody is inside a service of the
 * generation, and within the start limit.
 */
@ConsumerType
public interface StateKeeper {
  /**
   * The state. Nobody calls the generation from now on, unless {@link #takeState} has returned; so
   * what it does by itself, on threads of its own, ends or pauses before this returns.
   *
   * <p>To give changes nothing: where this throws or takes too long, the generation is called again
   * as it is.
   *
   * @return the state, which the generation leaves alone from now on; null where there is none, and
   *     then nobody takes it
   */
  Object giveState();

  /**
   * Takes a state over, before the first call. Also by the generation that gave it, or by one of
   * the same bytes, where its successor did not make it.
   *
   * @param state as it was given; never null
   * @param fromVersion the bundle version of the generation that gave it
   */
  void takeState(Object state, String fromVersion);
}
