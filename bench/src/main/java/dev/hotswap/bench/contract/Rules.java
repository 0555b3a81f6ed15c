package dev.hotswap.bench.contract;

/** What the benchmarks call. */
public interface Rules {
  /** Answers an object that exists already, so that no allocation hides the cost of the call. */
  Object evaluate();
}
