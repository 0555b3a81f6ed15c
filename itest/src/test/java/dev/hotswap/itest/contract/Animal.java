package dev.hotswap.itest.contract;

/** What the plugins of the zoo do. */
public interface Animal {
  /** Does what it is there for; on a thread of the caller's, who keeps what comes back. */
  Object act() throws Exception;
}
