package dev.hotswap.core;

/**
 * What a handle goes by: the services of one contract that pass one filter.
 *
 * @param contract the contract
 * @param filter which of its services
 * @param company whose staged services answer where no current one does
 */
record Choice<S>(Class<S> contract, ServiceFilter filter, Company company) {
  /** By current services only. */
  Choice(Class<S> contract, ServiceFilter filter) {
    this(contract, filter, Company.NONE);
  }

  boolean takes(Binding<?> binding) {
    return binding.contract() == contract && binding.passes(filter);
  }

  /** Whether staged services may answer. */
  boolean isOfCompany() {
    return company != Company.NONE;
  }

  @Override
  public String toString() {
    return contract.getName()
        + (filter.isAny() ? "" : " " + filter)
        + (isOfCompany() ? " for " + company : "");
  }
}
