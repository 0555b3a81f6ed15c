package dev.hotswap.watch;

import dev.hotswap.api.Refusal;

/**
 * Why a file of the watch folder was not taken, in the four parts of every refusal.
 *
 * @param what was refused
 * @param why it was
 * @param state what stands now
 * @param next what to do
 */
record Fault(String what, String why, String state, String next) {
  static Fault of(Refusal refusal) {
    return new Fault(refusal.what(), refusal.why(), refusal.state(), refusal.next());
  }

  /** It never came to a swap. */
  static Fault unread(String name, String why, String next) {
    return new Fault(name, why, "nothing has changed", next);
  }

  String message() {
    return "refused " + what + ": " + why + "; " + state + ". " + next;
  }
}
