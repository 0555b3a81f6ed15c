package dev.hotswap.itest.zoo;

import java.io.ObjectInputFilter;

/** Leaves the filter of deserialization, which can be set once. */
public class SerialFilter extends Tame {
  @Override
  public Object act() throws Exception {
    ObjectInputFilter.Config.setSerialFilter(new Sieve());
    return null;
  }

  private static final class Sieve implements ObjectInputFilter {
    @Override
    public Status checkInput(FilterInfo info) {
      return Status.UNDECIDED;
    }
  }
}
