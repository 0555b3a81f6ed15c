package dev.hotswap.core;

/**
 * What a handle goes by: the services of one contract that pass one filter.
 *
 * @param contract the contract
 * @param filter which of its services
 */
record Choice<S>(Class<S> contract, ServiceFilter filter) {
  boolean takes(Binding<?> binding) {
    return binding.contract() == contract && binding.passes(filter);
  }

  @Override
  public String toString() {
    return contract.getName() + (filter.isAny() ? "" : " " + filter);
  }
}
