package dev.hotswap.api;

/** Where a generation stands in its life. It only moves forward, in the order of declaration. */
public enum Stage {
  /** Installed, resolved, started and checked; no caller reaches it yet. */
  STAGED,
  /** New calls reach it. */
  CURRENT,
  /** New calls go elsewhere; calls that began on it are finishing. */
  DRAINING,
  /** Its last call ended and it is stopped; bundles wired to it may still use its classes. */
  DRAINED,
  /** Stopped, uninstalled and refreshed: nothing of ours refers to it any more. */
  RECLAIMED,
  /** It failed before publish and was removed; no caller ever reached it. */
  DISCARDED
}
