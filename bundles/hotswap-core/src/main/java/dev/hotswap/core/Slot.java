package dev.hotswap.core;

/**
 * What a publish moves: a place that callers read without a lock. Moved in two halves, under the
 * lock of the {@link World}, so that the one write of the version between them turns all slots.
 */
sealed interface Slot permits SlotHandle, SlotHandles {
  /** The contract whose services it shows. */
  Class<?> contract();

  /** Whether callers are answered by the generation now. */
  boolean isAnsweredBy(LiveGeneration generation);

  /**
   * First half of a publish: from the write of {@code version} on, callers go by what is offered
   * now.
   *
   * @return whether it moves; {@link #settle} is due then
   */
  boolean tryPrepare(Offers offers, long version);

  /** Second half of a publish, after that write. */
  void settle();
}
