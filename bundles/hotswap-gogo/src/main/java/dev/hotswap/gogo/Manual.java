package dev.hotswap.gogo;

import java.util.List;

/**
 * The page of each command: what it is in a few words, then how it is written, what it does, its
 * options, examples, exit status, and where to read on. The shell's {@code help} shows it, Gogo's
 * own, and the option {@code --help}. Needs nothing of a framework: other processes show it too.
 */
final class Manual {
  static final String WORDS = "as above";

  static final String LIST =
      """
      the plugins and their live generations

      SYNOPSIS
          list [--json]

      DESCRIPTION
          One row for each live generation: its version, its stage, the calls in it,
          the calls that it has had, and who asked for it and why, also of a host
          before this one on the same data folder: a user, or 'watch' and the file
          that was dropped. Generations that were ever forced are named as tainted,
          and those that have left and are held in memory as held.

      OPTIONS
          --json   one JSON object, schema hotswap-list/1
          --help   this page

      EXAMPLES
          list
              What runs.
          list --json | jq -r '.plugins[] | .plugin + " " + (.current | tostring)'
              From another terminal: each plugin and the number of what is current.

      EXIT STATUS
          0   it was listed
          2   the command line makes no sense

      SEE ALSO
          show, top, history
      """;

  static final String SHOW =
      """
      one plugin from near

      SYNOPSIS
          show PLUGIN [--json]

      DESCRIPTION
          For each live generation: the SHA-256 of its bytes, who asked for it and
          why, its calls, and of its bundle the services, the wires out (what it gets
          from others) and in (what others get from it). Then the earlier generations
          that 'rollback' can go back to.

      OPTIONS
          --json   one JSON object, schema hotswap-plugin/1
          --help   this page

      EXAMPLES
          show com.acme.rules
              Who asked for what runs, and what its bundle offers.

      EXIT STATUS
          0   it was shown
          1   there is no such plugin
          2   the command line makes no sense

      SEE ALSO
          list, holders
      """;

  static final String PLAN =
      """
      what a swap of these files would do; changes nothing

      SYNOPSIS
          plan FILE... [--in-place]

      DESCRIPTION
          Reads the files, and says what they would replace, what is brought up once
          more because it is wired to that, who is untouched, for whom callers would
          have to wait, and what is missing. Nothing is installed and no code runs.

      OPTIONS
          --in-place   as of swap
          --help       this page

      EXAMPLES
          plan rules-2.0.jar
              Whether that could be swapped in, and what goes with it.
          plan rules-2.0.jar && swap rules-2.0.jar
              Only what is feasible is tried.

      EXIT STATUS
          0   the swap is feasible
          1   it would be refused, or a file is no bundle
          2   the command line makes no sense

      SEE ALSO
          swap
      """;

  static final String SWAP =
      """
      brings new generations up, and moves new calls to them

      SYNOPSIS
          swap FILE... [--why TEXT] [--in-place] [--drain TIME]
              [--on-deadline wait|interrupt|reverse|force]

      DESCRIPTION
          The new generations start beside the current ones, or after them where two
          cannot run. Several files are one set: all of it becomes current in one
          write, or nothing does. Returns when calls have been answered by the new
          generations; the old ones finish their calls in the background, and 'watch'
          or 'list' shows them leave. What is refused changes nothing, and the message
          says what to do.

          While it goes on, it says what it waits for: its turn, because another swap
          is under way; a place, because too many old generations of the plugin are
          still draining; the start of the new one; callers that are held.

          Ctrl-C gives it up before the publish, as does whoever closes the terminal
          or kills the client: it is refused, and what was staged is taken away. After
          the publish the swap stands.

      OPTIONS
          --why TEXT            the reason, for the receipt
          --in-place            stop the old one before the new one starts; callers
                                wait
          --drain TIME          when the drain of the old one is overdue: 500ms, 30s,
                                10min, 2h; by default as drain.deadline of the host
          --on-deadline POLICY  what is done then: wait, interrupt (the threads that
                                are known), reverse (the old one answers again), force
                                (unload it although calls are inside, which may fail)
          --help                this page

      EXAMPLES
          swap rules-2.0.jar --why 'release 2.0'
              The reason is in the receipt, and in 'history'.
          swap types-1.3.jar rules-2.0.jar
              A library and what uses it, in one write.
          swap rules-2.0.jar --drain 10s --on-deadline reverse
              Back to the old one by itself where its calls do not end in time.

      EXIT STATUS
          0   it answers now, or the very same bytes did already
          1   it was refused
          2   the command line makes no sense
          130 it was given up by Ctrl-C, before the publish

      SEE ALSO
          plan, rollback, receipt, holders, decide
      """;

  static final String ROLLBACK =
      """
      undoes the last swap of a plugin, or the last ones

      SYNOPSIS
          rollback PLUGIN [GENERATION] [--why TEXT]

      DESCRIPTION
          The generations before answer again, under new numbers: of the plugin, and
          of whatever was swapped together with it. Once more goes one further back.
          Quick for as long as the generation before stands by; a swap of the old
          bytes after that. With the number of an earlier generation, which 'show'
          lists, all swaps since are undone in one step.

      OPTIONS
          --why TEXT   the reason, for the receipt
          --help       this page

      EXAMPLES
          rollback com.acme.rules --why 'totals are off'
              What answered before the last swap answers again.
          rollback com.acme.rules 3
              What was generation 3 answers again, under a new number.

      EXIT STATUS
          0   the generations before answer
          1   there is nothing to go back to, or it was refused otherwise
          2   the command line makes no sense
          130 it was given up by Ctrl-C, before the publish

      SEE ALSO
          swap, history
      """;

  static final String UNLOAD =
      """
      takes a plugin away

      SYNOPSIS
          unload PLUGIN [--why TEXT]

      DESCRIPTION
          New calls go to the next best provider, or wait. Calls in flight finish.

      OPTIONS
          --why TEXT   the reason, for the receipt
          --help       this page

      EXAMPLES
          unload com.acme.rules --why 'no longer sold'
              Nothing of it answers any more.

      EXIT STATUS
          0   it is taken away
          1   there is no such plugin, or it was refused otherwise
          2   the command line makes no sense

      SEE ALSO
          swap, list
      """;

  static final String HOLDERS =
      """
      who keeps the old generations of a plugin from leaving

      SYNOPSIS
          holders PLUGIN

      DESCRIPTION
          For each call or lease that is still inside: its thread, since when, and the
          stack. Those that are only counted are told by their number. 'decide' ends
          the wait.

      OPTIONS
          --help   this page

      EXAMPLES
          holders com.acme.rules
              The stacks to read before anything is forced.

      EXIT STATUS
          0   they were named, or there are none
          1   there is no such plugin
          2   the command line makes no sense

      SEE ALSO
          decide, list
      """;

  static final String DECIDE =
      """
      decides what becomes of the drains of a plugin

      SYNOPSIS
          decide PLUGIN wait|interrupt|reverse|force

      DESCRIPTION
          In place of the policy for their deadline, whether that has passed or not:

          wait        until the last call has ended
          interrupt   the threads that are known, once; then wait
          reverse     the old generation answers again, the new one leaves
          force       unload the old one although calls are inside, which may fail

      OPTIONS
          --help   this page

      EXAMPLES
          decide com.acme.rules interrupt
              Calls that obey an interrupt end, and the old generation leaves.

      EXIT STATUS
          0   it was decided, or nothing is draining
          1   there is no such plugin, or the swap cannot be reversed
          2   the command line makes no sense

      SEE ALSO
          holders, swap
      """;

  static final String LEAKS =
      """
      what has left and is still in memory, and what holds it

      SYNOPSIS
          leaks [PLUGIN] [--why] [--keep] [--gc] [--json]

      DESCRIPTION
          For each: the verdict, when and by which swap it was reclaimed, what it had
          left behind in the JVM, and what holds it, once somebody has asked why.

          watched       too early to say: the JVM has not unloaded classes often
                        enough
          held          the JVM has unloaded other classes since, and not these
          softly held   by soft references only, which go before memory runs out

          What was held and is collected later is not listed any more, and stays
          counted.

      OPTIONS
          --why    dump the heap and find what holds them; says beforehand for about
                   how long all threads will stand still
          --keep   with --why: keep the dump for other tools, and say where it is; it
                   is large, and yours to delete
          --gc     have the JVM collect all garbage now, a few times; a pause for all
          --json   one JSON object, schema hotswap-leaks/1
          --help   this page

      EXAMPLES
          leaks
              What is still there, and how many came to which end.
          leaks com.acme.rules --gc --why
              Who holds the old generations of a plugin, for sure and by name.

      EXIT STATUS
          0   it was listed
          1   the heap cannot be walked
          2   the command line makes no sense

      SEE ALSO
          list, show, receipt
      """;

  static final String HISTORY =
      """
      the last 100 swaps, newest first

      SYNOPSIS
          history [PLUGIN] [--json]

      DESCRIPTION
          Of all plugins, or of one: when, what it came to, from which generation to
          which, who asked and why. The refused ones are among them.

      OPTIONS
          --json   a list of receipts; docs/receipt.md explains them
          --help   this page

      EXAMPLES
          history com.acme.rules
              What became of that plugin.

      EXIT STATUS
          0   it was listed
          2   the command line makes no sense

      SEE ALSO
          receipt, refused
      """;

  static final String RECEIPT =
      """
      the record of one swap

      SYNOPSIS
          receipt ID [--json]

      DESCRIPTION
          Who asked for it, what it changed, the proof of who answered, how the old
          generations left, how long each step took. 'history' has the ids.

      OPTIONS
          --json   schema hotswap-receipt/1; docs/receipt.md explains it
          --help   this page

      EXAMPLES
          receipt 7
              In words.
          receipt 7 --json > swap-7.json
              From another terminal: for other programs.

      EXIT STATUS
          0   it was shown
          1   it is none of the last 100
          2   the command line makes no sense

      SEE ALSO
          history, refused
      """;

  static final String REFUSED =
      """
      what could not be used or drained, with the reasons

      SYNOPSIS
          refused [--json]

      DESCRIPTION
          The newest first: the files in the quarantine of the watch folder, with
          where they lie now, also those of before a restart; the deletions that were
          refused; the swaps among the last 100 that were; the generations that were
          forced. For each: when, who asked, what was refused, why, what stands since
          then and what to do.

      OPTIONS
          --json   one JSON object, schema hotswap-refused/1
          --help   this page

      EXAMPLES
          refused
              What is to be mended.
          refused --json | jq -r '.refused[].file'
              From another terminal: where the files lie.

      EXIT STATUS
          0   it was listed
          2   the command line makes no sense

      SEE ALSO
          history, receipt
      """;

  static final String WATCH =
      """
      the events as they come

      SYNOPSIS
          watch

      DESCRIPTION
          One line for each event of a swap, and for what others do to plugins. Any
          key ends it; where the input is no terminal, the end of this process does.
          What the terminal is too slow for is left out, and counted.

      OPTIONS
          --help   this page

      EXAMPLES
          watch
              In a second terminal, while swaps are asked for in the first.

      EXIT STATUS
          0   it was ended
          2   the command line makes no sense

      SEE ALSO
          top, history
      """;

  static final String TOP =
      """
      a live screen: generations, calls per second, p99, calls in flight, swaps

      SYNOPSIS
          top

      DESCRIPTION
          Drawn anew each second, at the size of the terminal. Any key ends it. Where
          the output is no terminal, it is printed once, after a second.

          P99 MS is the time within which 99 of 100 calls of the last second ended, of
          those that are seen: platform threads that own their stripe. '<1' is a time
          too short to be told, nothing that none was seen.

      OPTIONS
          --help   this page

      EXAMPLES
          top
              Which plugin works, and which does not get rid of an old generation.

      EXIT STATUS
          0   it was ended
          2   the command line makes no sense

      SEE ALSO
          list, watch
      """;

  private static final String SCOPE = "hotswap:";

  private Manual() {}

  /** The description of that command, without its name. */
  static String of(String command) {
    return switch (command) {
      case "list" -> LIST;
      case "show" -> SHOW;
      case "plan" -> PLAN;
      case "swap" -> SWAP;
      case "rollback" -> ROLLBACK;
      case "unload" -> UNLOAD;
      case "holders" -> HOLDERS;
      case "decide" -> DECIDE;
      case "leaks" -> LEAKS;
      case "history" -> HISTORY;
      case "receipt" -> RECEIPT;
      case "refused" -> REFUSED;
      case "watch" -> WATCH;
      case "top" -> TOP;
      default -> throw new UsageException("there is no command '" + command + "'");
    };
  }

  /** The whole page. */
  static String page(String command) {
    return command + " - " + of(command);
  }

  /** The command in a few words. */
  static String summary(String command) {
    return of(command).lines().findFirst().orElseThrow();
  }

  /** Whether the words after a command ask for its page. */
  static boolean isAsked(List<String> words) {
    int end = words.indexOf("--");
    return words.subList(0, end < 0 ? words.size() : end).contains("--help");
  }

  /** A command as it is called here: {@code hotswap:swap} is {@code swap}. */
  static String withoutScope(String command) {
    return command.startsWith(SCOPE) ? command.substring(SCOPE.length()) : command;
  }
}
