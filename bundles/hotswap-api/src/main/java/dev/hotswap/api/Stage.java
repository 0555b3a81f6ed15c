package dev.hotswap.api;

/**
 * Where a generation stands in its life. It moves forward, mostly in the order of declaration. An
 * old one goes back to {@link #CURRENT}, from {@link #DRAINING} where the new one does not answer
 * after the publish or the swap is reversed, and from {@link #DRAINED} where a swap one after the
 * other fails. What is reclaimed after a {@link #STANDBY} is {@link #DRAINED} on its way.
 */
public enum Stage {
  /** Installed, resolved, started and checked; no caller reaches it yet. */
  STAGED,
  /** New calls reach it. */
  CURRENT,
  /** New calls go elsewhere; calls that began on it are finishing. */
  DRAINING,
  /** Its last call ended and it is stopped; bundles wired to it may still use its classes. */
  DRAINED,
  /** It is stopped although calls are inside, which may fail. It never answers again. */
  FORCED,
  /** Stopped, but still installed and resolved with its classes loaded: a rollback starts it. */
  STANDBY,
  /** Stopped, uninstalled and refreshed: nothing of ours refers to it any more. */
  RECLAIMED,
  /** Its swap was refused, and it was removed. */
  DISCARDED
}
