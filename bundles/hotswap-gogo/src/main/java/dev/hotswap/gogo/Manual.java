package dev.hotswap.gogo;

import java.util.Arrays;
import org.apache.felix.service.command.Descriptor;

/** The page of each command; Gogo's {@code help} shows it, and the option {@code --help}. */
final class Manual {
  static final String WORDS = "as above";

  static final String LIST =
      """
      the plugins and their live generations

      list [--json]

        --json   one JSON object, schema hotswap-list/1

      One row for each generation: its stage, the calls in it, the calls that it has
      had, and who asked for it and why, also of a host before this one on the same data
      folder: a user, or 'watch' and the file that was dropped. Generations that were
      ever forced are named as tainted.
      """;

  static final String SHOW =
      """
      one plugin from near

      show PLUGIN [--json]

        --json   one JSON object, schema hotswap-plugin/1

      For each generation: the SHA-256 of its bytes, who asked for it and why, its
      calls, and of its bundle the services, the wires out (what it gets from others)
      and in (what others get from it). Then the earlier generations that 'rollback'
      can go back to.
      """;

  static final String PLAN =
      """
      what a swap of these files would do; changes nothing

      plan FILE... [--in-place]

        --in-place   as of swap

      Exit status 1 if the swap would be refused.
      """;

  static final String SWAP =
      """
      brings new generations up beside the current ones, and moves new calls to them

      swap FILE... [--why TEXT] [--in-place] [--drain TIME] [--on-deadline POLICY]

        --why TEXT             the reason, for the receipt
        --in-place             stop the old one before the new one starts; callers wait
        --drain TIME           when the drain of the old one is overdue: 500ms, 30s, 10min
        --on-deadline POLICY   what is done then: wait, interrupt (the threads that are
                               known), reverse (the old one answers again), force (unload
                               it although calls are inside, which may fail)

      Several files are one set: all of it becomes current in one write, or nothing
      does. Returns when calls have been answered by the new generations; the old ones
      finish their calls in the background, and 'watch' or 'list' shows them leave.
      What is refused changes nothing, and the message says what to do.

      Exit status 1 if it was refused, 2 if the command line makes no sense.
      """;

  static final String ROLLBACK =
      """
      undoes the last swap of a plugin, or the last ones

      rollback PLUGIN [GENERATION] [--why TEXT]

        --why TEXT   the reason, for the receipt

      The generations before answer again, under new numbers: of the plugin, and of
      whatever was swapped together with it. Once more goes one further back. With the
      number of an earlier generation, which 'show' lists, all swaps since are undone
      in one step.
      """;

  static final String UNLOAD =
      """
      takes a plugin away

      unload PLUGIN [--why TEXT]

        --why TEXT   the reason, for the receipt

      New calls go to the next best provider, or wait. Calls in flight finish.
      """;

  static final String HOLDERS =
      """
      who keeps the old generations of a plugin from leaving

      holders PLUGIN

      For each call or lease that is still inside: its thread, since when, and the
      stack. 'decide' ends the wait.
      """;

  static final String DECIDE =
      """
      decides what becomes of the drains of a plugin

      decide PLUGIN wait|interrupt|reverse|force

        wait        until the last call has ended
        interrupt   the threads that are known, once; then wait
        reverse     the old generation answers again, the new one leaves
        force       unload the old one although calls are inside, which may fail
      """;

  static final String HISTORY =
      """
      the last 100 swaps, newest first

      history [PLUGIN] [--json]

        --json   a list of receipts; docs/receipt.md explains them
      """;

  static final String RECEIPT =
      """
      the record of one swap

      receipt ID [--json]

        --json   schema hotswap-receipt/1; docs/receipt.md explains it

      'history' has the ids.
      """;

  static final String REFUSED =
      """
      what could not be used or drained, with the reasons

      refused [--json]

        --json   one JSON object, schema hotswap-refused/1

      The newest first: the files in the quarantine of the watch folder, with where they
      lie now, also those of before a restart; the deletions that were refused; the
      swaps among the last 100 that were; the generations that were forced. Each with
      what stands since then, and what to do.
      """;

  static final String WATCH =
      """
      the events as they come

      watch

      Any key ends it; where the input is no terminal, the end of this process does.
      """;

  static final String TOP =
      """
      a live screen: generations, calls per second, calls in flight, swaps

      top

      Any key ends it. Where the output is no terminal, it is printed once, after a
      second.
      """;

  private Manual() {}

  /** The page of that command. */
  static String of(String command) {
    return Arrays.stream(HotswapCommands.class.getDeclaredMethods())
        .filter(method -> method.getName().equals(command))
        .map(method -> method.getAnnotation(Descriptor.class))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
