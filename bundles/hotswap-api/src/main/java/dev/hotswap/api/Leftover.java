package dev.hotswap.api;

import java.util.Objects;

/**
 * Something that a generation had left behind in the JVM when it was reclaimed, and that would hold
 * its classes: its author's omission. A value, text only.
 *
 * @param kind what sort of thing
 * @param what it, by name: {@code JDBC driver com.acme.Driver}
 * @param undone whether it was taken back; where not, {@code remedy} is all that helps
 * @param remedy what the plugin's author is to write, and where
 */
public record Leftover(Kind kind, String what, boolean undone, String remedy) {
  public Leftover {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(remedy, "remedy");
  }

  /** What sort of thing was left behind. */
  public enum Kind {
    /** A driver in {@code java.sql.DriverManager}. */
    JDBC_DRIVER,
    /** An MBean in a server of this JVM. */
    MBEAN,
    /** A handler, filter or formatter of {@code java.util.logging}. */
    LOG_HANDLER,
    /** A thread of somebody else's whose context class loader is the plugin's. */
    CONTEXT_CLASS_LOADER,
    /** A thread, a timer's or a pool's among them, that the plugin has started. */
    THREAD,
    /** A provider in {@code java.security.Security}. */
    SECURITY_PROVIDER,
    /**
     * What the JVM has only once: an exception handler, a proxy selector, an authenticator, the
     * system properties.
     */
    JVM_DEFAULT,
    /** Anything else, as {@code what} says. */
    OTHER
  }

  /** In one line: what, whether it was taken back, and the remedy. */
  public String label() {
    return what + (undone ? " (taken back)" : " (still there)") + "; remedy: " + remedy;
  }
}
