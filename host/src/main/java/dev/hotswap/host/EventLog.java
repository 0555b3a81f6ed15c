package dev.hotswap.host;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Holder;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import dev.hotswap.api.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line for each edge, in the same words and order everywhere. */
final class EventLog implements SwapListener {
  private static final Logger LOG = LoggerFactory.getLogger("dev.hotswap.events");
  private static final int STACK_LINES = 20;

  @Override
  public void on(SwapEvent event) {
    boolean warns =
        event instanceof SwapEvent.Refused
            || event instanceof SwapEvent.DrainOverdue
            || event instanceof SwapEvent.Interrupted
            || event instanceof SwapEvent.Reversed
            || event instanceof SwapEvent.FellBack
            || event instanceof SwapEvent.Forced
            || event instanceof SwapEvent.LeftBehind
            || event instanceof SwapEvent.Judged judged && judged.verdict() == Verdict.HELD
            || event instanceof SwapEvent.PathFound found && isHeld(found)
            || event instanceof SwapEvent.Withdrawn;
    if (warns ? !LOG.isWarnEnabled() : !LOG.isInfoEnabled()) {
      return; // a swap waits for its listeners: no words that nobody reads
    }
    for (String text : texts(event)) {
      if (warns) {
        LOG.warn("{}", text);
      } else {
        LOG.info("{}", text);
      }
    }
  }

  private static boolean isHeld(SwapEvent.PathFound found) {
    return found.path().verdict() == Verdict.HELD;
  }

  /** The event's line, and what follows it. */
  static List<String> texts(SwapEvent event) {
    List<String> texts = new ArrayList<>(List.of(line(event)));
    if (event instanceof SwapEvent.DrainOverdue overdue) {
      overdue.holders().forEach(holder -> texts.add(lines(overdue, holder)));
    } else if (event instanceof SwapEvent.Forced forced) {
      forced.holders().forEach(holder -> texts.add(lines(forced, holder)));
    } else if (event instanceof SwapEvent.Withdrawn withdrawn) {
      withdrawn.holders().forEach(holder -> texts.add(lines(withdrawn, holder)));
    }
    return texts;
  }

  /** One holder: a line as of an event, and then its stack as of an exception. */
  static String lines(SwapEvent event, Holder holder) {
    StringBuilder lines =
        new StringBuilder("event=drain-holder swap=")
            .append(event.swap())
            .append(" plugin=")
            .append(event.plugin())
            .append(from(holder.generation()))
            .append(" kind=")
            .append(holder.kind().name().toLowerCase(Locale.ROOT))
            .append(" thread=")
            .append(quoted(holder.threadName()))
            .append(" id=")
            .append(holder.threadId())
            .append(" virtual=")
            .append(holder.virtual());
    holder.age().ifPresent(age -> lines.append(" age-at-least=").append(age.toMillis() + "ms"));
    holder.stack().stream().limit(STACK_LINES).forEach(at -> lines.append("\n\tat ").append(at));
    int more = holder.stack().size() - STACK_LINES;
    return more > 0
        ? lines.append("\n\t... ").append(more).append(" more").toString()
        : lines.toString();
  }

  static String line(SwapEvent event) {
    // what is refused need not be a plugin: it may be a file, a version of one, or a set
    String subject =
        event instanceof SwapEvent.Refused refused
            ? " what=" + quoted(refused.refusal().what())
            : " plugin=" + event.plugin();
    return "event=" + name(event) + " swap=" + event.swap() + subject + details(event);
  }

  private static String name(SwapEvent event) {
    if (event instanceof SwapEvent.Judged judged) {
      return judged.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
    } else if (event instanceof SwapEvent.PathFound) {
      return "holding-path";
    }
    return event
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=.)([A-Z])", "-$1")
        .toLowerCase(Locale.ROOT);
  }

  private static String details(SwapEvent event) {
    if (event instanceof SwapEvent.Staged staged) {
      return to(staged.generation());
    } else if (event instanceof SwapEvent.Published published) {
      return " from=" + number(published.from()) + " to=" + number(published.to());
    } else if (event instanceof SwapEvent.Answered answered) {
      return to(answered.generation()) + " by=" + quoted(answered.answeredBy());
    } else if (event instanceof SwapEvent.Unchanged unchanged) {
      return " current=" + unchanged.generation().number() + " reason=\"the same bytes\"";
    } else if (event instanceof SwapEvent.Refused refused) {
      return " message=" + quoted(refused.refusal().message());
    } else if (event instanceof SwapEvent.RollingBack rolling) {
      return " from=" + ids(rolling.undone()) + " to=" + ids(rolling.back());
    } else if (event instanceof SwapEvent.FellBack fell) {
      return from(fell.from()) + " to=" + number(fell.to()) + " why=" + quoted(fell.why());
    }
    return leaving(event);
  }

  private static String leaving(SwapEvent event) {
    if (event instanceof SwapEvent.DrainOverdue overdue) {
      return from(overdue.generation())
          + " waited="
          + overdue.waited().toMillis()
          + "ms in-flight="
          + overdue.calls().inFlight()
          + unnamed(overdue);
    } else if (event instanceof SwapEvent.Interrupted interrupted) {
      return from(interrupted.generation()) + threads(interrupted);
    } else if (event instanceof SwapEvent.Reversed reversed) {
      return from(reversed.from()) + " to=" + reversed.to().number();
    } else if (event instanceof SwapEvent.Forced forced) {
      return from(forced.generation())
          + " waited="
          + forced.waited().toMillis()
          + "ms cut-off="
          + forced.calls().inFlight();
    } else if (event instanceof SwapEvent.Drained drained) {
      return from(drained.generation())
          + " took="
          + drained.took().toNanos() / 1000
          + "us"
          + counts(drained.calls());
    } else if (event instanceof SwapEvent.KeptByDependents kept) {
      return from(kept.generation()) + " by=" + quoted(String.join(", ", kept.dependents()));
    } else if (event instanceof SwapEvent.StoodBy stoodBy) {
      return from(stoodBy.generation());
    } else if (event instanceof SwapEvent.Reclaimed reclaimed) {
      return from(reclaimed.generation());
    } else if (event instanceof SwapEvent.Withdrawn withdrawn) {
      return from(withdrawn.generation())
          + " cause="
          + quoted(withdrawn.cause())
          + counts(withdrawn.calls());
    }
    return left(event);
  }

  /** Of generations that are gone, or should be. */
  private static String left(SwapEvent event) {
    if (event instanceof SwapEvent.LeftBehind left) {
      return from(left.generation())
          + " kind="
          + left.leftover().kind().name().toLowerCase(Locale.ROOT).replace('_', '-')
          + " undone="
          + left.leftover().undone()
          + " what="
          + quoted(left.leftover().what())
          + " remedy="
          + quoted(left.leftover().remedy());
    } else if (event instanceof SwapEvent.Judged judged) {
      return from(judged.generation()) + " after=" + judged.after().toMillis() + "ms";
    } else if (event instanceof SwapEvent.PathFound found) {
      return from(found.generation()) + " path=" + quoted(found.path().label());
    }
    throw new IllegalArgumentException(
        "no line for " + event); // a kind that is new: its test fails
  }

  private static String counts(Calls calls) {
    return " started="
        + calls.started()
        + " returned="
        + calls.returned()
        + " threw="
        + calls.threw();
  }

  private static String threads(SwapEvent.Interrupted event) {
    StringJoiner names = new StringJoiner(", ");
    event.holders().forEach(holder -> names.add(holder.threadName()));
    return " threads=" + quoted(names.toString());
  }

  private static String unnamed(SwapEvent.DrainOverdue overdue) {
    return overdue.unnamed() == 0
        ? ""
        : " unnamed="
            + overdue.unnamed()
            + " message=\"leases are named only with lease.tracking=true; at most 100 holders are\"";
  }

  /** On one line, whatever others wrote into it: a line is one event, and quotes end a value. */
  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char each : value.toCharArray()) {
      switch (each) {
        case '"', '\\' -> quoted.append('\\').append(each);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(isControl(each) ? ' ' : each);
      }
    }
    return quoted.append('"').toString();
  }

  private static boolean isControl(char each) {
    return each < ' ' || each == 0x85 || each == 0x2028 || each == 0x2029;
  }

  private static String to(Generation generation) {
    return " to=" + generation.number() + " version=" + generation.version();
  }

  private static String from(Generation generation) {
    return " from=" + generation.number() + " version=" + generation.version();
  }

  private static String ids(List<Generation> generations) {
    return quoted(generations.stream().map(Generation::id).collect(Collectors.joining(", ")));
  }

  private static String number(Optional<Generation> generation) {
    return generation.map(found -> String.valueOf(found.number())).orElse("none");
  }
}
