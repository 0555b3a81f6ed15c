package dev.hotswap.api;

/** Ends what was subscribed to. Idempotent. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
