package dev.hotswap.gogo;

import dev.hotswap.api.Asked;
import dev.hotswap.api.Calls;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Step;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What the shell says about events, times and outcomes. */
final class Words {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What a swap does or waits for in a step. */
  static String of(Step step) {
    return switch (step) {
      case TURN -> "waiting for its turn";
      case PLACE -> "waiting for an old generation to leave; 'holders' says who is inside";
      case READ -> "reading";
      case PLAN -> "planning";
      case PREPARE -> "installing";
      case START -> "starting";
      case CHECK -> "awaiting and checking what it offers";
      case HOLD -> "callers are held, until those inside have left and the new one has started";
      case PUBLISH -> "publishing";
      case PROBE -> "awaiting an answer";
    };
  }

  /** A time that goes on. */
  static String lasting(Duration time) {
    long seconds = time.toSeconds();
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
        : seconds / 60 + " min " + seconds % 60 + " s";
  }

  /** In the time zone of the host. */
  static String moment(Instant at) {
    return MOMENT.format(at.atZone(ZoneId.systemDefault()));
  }

  static String clock(Instant at) {
    return CLOCK.format(at.atZone(ZoneId.systemDefault()));
  }

  static String time(Duration time) {
    long millis = time.toMillis();
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.2f ms", time.toNanos() / 1e6);
    }
    return millis < 10_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  /** Who asked and why. */
  static String asked(Receipt receipt) {
    return asked(receipt.request().asked());
  }

  /** Of a drop the reason names its file. */
  static String asked(Asked asked) {
    return asked.by() + (asked.why().isEmpty() ? "" : ": " + asked.why());
  }

  static String label(Optional<Generation> generation) {
    return generation.map(found -> found.number() + " (" + found.version() + ")").orElse("none");
  }

  static String calls(Calls calls) {
    return "started "
        + calls.started()
        + ", returned "
        + calls.returned()
        + ", threw "
        + calls.threw()
        + ", in flight "
        + calls.inFlight();
  }

  /** The event in a sentence. */
  static String of(SwapEvent event) {
    if (event instanceof SwapEvent.RollingBack rolling) {
      return "rolling back "
          + rolling.plugin()
          + rolling.back().stream()
              .filter(back -> back.plugin().equals(rolling.plugin()))
              .map(back -> " to " + back.label())
              .findFirst()
              .orElse(" away");
    } else if (event instanceof SwapEvent.Staged staged) {
      return "staged " + staged.generation();
    } else if (event instanceof SwapEvent.Published published) {
      return published
          .to()
          .map(to -> "published " + to + instead(published.from()))
          .orElseGet(() -> "took away " + published.plugin() + " " + label(published.from()));
    } else if (event instanceof SwapEvent.Answered answered) {
      return "answered by " + answered.generation() + ": " + answered.answeredBy();
    } else if (event instanceof SwapEvent.Unchanged unchanged) {
      return "unchanged " + unchanged.generation() + ": the same bytes are current";
    } else if (event instanceof SwapEvent.Refused refused) {
      return refused.refusal().message();
    }
    return leaving(event);
  }

  private static String instead(Optional<Generation> from) {
    return from.map(old -> " in place of " + old.label()).orElse("");
  }

  private static String leaving(SwapEvent event) {
    if (event instanceof SwapEvent.DrainOverdue overdue) {
      return "overdue: "
          + overdue.generation()
          + " has drained for "
          + time(overdue.waited())
          + ", in flight "
          + overdue.calls().inFlight()
          + "; 'holders "
          + overdue.plugin()
          + "' says who";
    } else if (event instanceof SwapEvent.Interrupted interrupted) {
      return "interrupted "
          + interrupted.holders().size()
          + " threads inside "
          + interrupted.generation();
    } else if (event instanceof SwapEvent.Reversed reversed) {
      return "reversed: "
          + reversed.to()
          + " is current again, "
          + reversed.from().label()
          + " leaves";
    } else if (event instanceof SwapEvent.Forced forced) {
      return "forced " + forced.generation() + ": cut off " + forced.calls().inFlight() + " calls";
    } else if (event instanceof SwapEvent.Drained drained) {
      return "drained " + drained.generation() + " in " + time(drained.took());
    } else if (event instanceof SwapEvent.KeptByDependents kept) {
      return "kept " + kept.generation() + ": used by " + String.join(", ", kept.dependents());
    } else if (event instanceof SwapEvent.StoodBy stoodBy) {
      return "stands by: " + stoodBy.generation();
    } else if (event instanceof SwapEvent.Reclaimed reclaimed) {
      return "reclaimed " + reclaimed.generation();
    } else if (event instanceof SwapEvent.FellBack fell) {
      return "fell back from "
          + fell.from()
          + fell.to().map(to -> " to " + to.label()).orElse(", which is left out")
          + ": "
          + fell.why();
    } else if (event instanceof SwapEvent.Withdrawn withdrawn) {
      return "withdrawn " + withdrawn.generation() + ": " + withdrawn.cause();
    }
    return left(event);
  }

  private static String left(SwapEvent event) {
    if (event instanceof SwapEvent.LeftBehind left) {
      return "left behind: " + left.generation() + ": " + left.leftover().label();
    } else if (event instanceof SwapEvent.Judged judged) {
      String next =
          judged.verdict() == Verdict.HELD
              ? "; 'leaks " + judged.plugin() + " --why' says by what"
              : "";
      return of(judged.verdict())
          + " "
          + judged.generation()
          + " after "
          + time(judged.after())
          + next;
    } else if (event instanceof SwapEvent.PathFound found) {
      return found.path().label();
    }
    return event.toString(); // of a newer api
  }

  /** Whether an operator should look at it. */
  static boolean isBad(SwapEvent event) {
    return event instanceof SwapEvent.Refused
        || event instanceof SwapEvent.DrainOverdue
        || event instanceof SwapEvent.Interrupted
        || event instanceof SwapEvent.Reversed
        || event instanceof SwapEvent.Forced
        || event instanceof SwapEvent.LeftBehind
        || event instanceof SwapEvent.Judged judged && judged.verdict() == Verdict.HELD
        || event instanceof SwapEvent.PathFound found && found.path().verdict() == Verdict.HELD
        || event instanceof SwapEvent.FellBack
        || event instanceof SwapEvent.Withdrawn;
  }
}
