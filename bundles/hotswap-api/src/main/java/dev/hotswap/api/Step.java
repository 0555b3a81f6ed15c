package dev.hotswap.api;

/**
 * Where a swap is on its way from being asked for to its answer. One step follows the other; some
 * are left out, and a step may come again.
 *
 * @see SwapListener#entered(Step)
 */
public enum Step {
  /** It waits for its turn: another swap is under way. */
  TURN,
  /** It waits for old generations of its plugins to leave, of which there are too many. */
  PLACE,
  /** Files are read. */
  READ,
  /** It is planned. */
  PLAN,
  /** New generations are installed and resolved. */
  PREPARE,
  /** New generations start. */
  START,
  /** What they offer is awaited and checked, and warmed up. */
  CHECK,
  /** Callers are held: the old generation finishes its calls, gives its state, and ends. */
  HOLD,
  /** What is staged becomes current. */
  PUBLISH,
  /** A call through the handle's own path is answered. */
  PROBE
}
