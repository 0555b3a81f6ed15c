package dev.hotswap.api;

/**
 * Writes receipts for other programs. A host offers the one that it has as a service, beside its
 * {@link Swapper}. Thread-safe.
 */
@FunctionalInterface
public interface ReceiptFormat {
  /** The receipt as one JSON object on one line, without a line end. */
  String write(Receipt receipt);
}
