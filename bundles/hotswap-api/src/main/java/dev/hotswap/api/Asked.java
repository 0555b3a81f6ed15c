package dev.hotswap.api;

import java.util.Objects;

/**
 * Who asked for a swap, and why, in free text; it comes back in the {@link Receipt}.
 *
 * @param by a person, a program, a watched folder
 * @param why a release, a ticket, an incident; empty where nothing was said
 */
public record Asked(String by, String why) {
  public Asked {
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(why, "why");
  }

  /** By the calling thread, under its name, without a reason: what holds if nobody says more. */
  public static Asked here() {
    return because("");
  }

  /** By the calling thread, under its name. */
  public static Asked because(String why) {
    return new Asked(Thread.currentThread().getName(), why);
  }
}
