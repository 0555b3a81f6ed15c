package dev.hotswap.itest.contract;

/** The contract of the example in the README. */
// tag::contract
public interface Rules {
  int evaluate(int input);
}
// end::contract
