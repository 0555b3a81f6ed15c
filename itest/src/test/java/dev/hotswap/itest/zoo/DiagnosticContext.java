package dev.hotswap.itest.zoo;

import org.slf4j.MDC;

/** Leaves texts in the diagnostic context of the host's Logback. */
public class DiagnosticContext extends Tame {
  @Override
  public Object act() throws Exception {
    MDC.put("zoo", "text of " + getClass().getSimpleName());
    return null;
  }
}
