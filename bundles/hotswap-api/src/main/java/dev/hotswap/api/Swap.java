package dev.hotswap.api;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A swap whose new generation answers. The old one may still be finishing its calls; that goes on
 * in the background. Thread-safe.
 */
public interface Swap {
  /** The record as it stands now. */
  Receipt receipt();

  /**
   * Waits until the old generations, where there were any, are drained and reclaimed. Called from
   * inside a call on one of them it can only time out, since that call is one of those waited for.
   *
   * @param limit how long to wait
   * @return the whole record, with its {@linkplain Receipt#retirement() retirement}
   * @throws TimeoutException when it has not left by then; it goes on draining
   */
  Receipt awaitReclaimed(Duration limit) throws InterruptedException, TimeoutException;
}
