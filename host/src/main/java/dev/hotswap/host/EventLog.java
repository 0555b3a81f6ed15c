package dev.hotswap.host;

import dev.hotswap.api.Generation;
import dev.hotswap.api.SwapEvent;
import dev.hotswap.api.SwapListener;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line for each edge, in the same words and order everywhere. */
final class EventLog implements SwapListener {
  private static final Logger LOG = LoggerFactory.getLogger("dev.hotswap.events");

  @Override
  public void on(SwapEvent event) {
    if (event instanceof SwapEvent.Refused
        || event instanceof SwapEvent.DrainOverdue
        || event instanceof SwapEvent.Withdrawn) {
      LOG.warn("{}", line(event));
    } else {
      LOG.info("{}", line(event));
    }
  }

  static String line(SwapEvent event) {
    return "event="
        + name(event)
        + " swap="
        + event.swap()
        + " plugin="
        + event.plugin()
        + details(event);
  }

  private static String name(SwapEvent event) {
    return event
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=.)([A-Z])", "-$1")
        .toLowerCase(java.util.Locale.ROOT);
  }

  private static String details(SwapEvent event) {
    if (event instanceof SwapEvent.Staged staged) {
      return to(staged.generation());
    } else if (event instanceof SwapEvent.Published published) {
      return " from=" + number(published.from()) + " to=" + number(published.to());
    } else if (event instanceof SwapEvent.Answered answered) {
      return to(answered.generation()) + " by=\"" + answered.answeredBy() + '"';
    } else if (event instanceof SwapEvent.Unchanged unchanged) {
      return " current=" + unchanged.generation().number() + " reason=\"the same bytes\"";
    } else if (event instanceof SwapEvent.Refused refused) {
      return " message=\"" + refused.refusal().message() + '"';
    }
    return leaving(event);
  }

  private static String leaving(SwapEvent event) {
    if (event instanceof SwapEvent.DrainOverdue overdue) {
      return from(overdue.generation())
          + " waited="
          + overdue.waited().toMillis()
          + "ms in-flight="
          + overdue.calls().inFlight();
    } else if (event instanceof SwapEvent.Drained drained) {
      return from(drained.generation())
          + " took="
          + drained.took().toNanos() / 1000
          + "us started="
          + drained.calls().started()
          + " returned="
          + drained.calls().returned()
          + " threw="
          + drained.calls().threw();
    } else if (event instanceof SwapEvent.KeptByDependents kept) {
      return from(kept.generation()) + " by=\"" + String.join(", ", kept.dependents()) + '"';
    } else if (event instanceof SwapEvent.StoodBy stoodBy) {
      return from(stoodBy.generation());
    } else if (event instanceof SwapEvent.Reclaimed reclaimed) {
      return from(reclaimed.generation());
    } else if (event instanceof SwapEvent.Withdrawn withdrawn) {
      return from(withdrawn.generation()) + " cause=\"" + withdrawn.cause() + '"';
    }
    return "";
  }

  private static String to(Generation generation) {
    return " to=" + generation.number() + " version=" + generation.version();
  }

  private static String from(Generation generation) {
    return " from=" + generation.number() + " version=" + generation.version();
  }

  private static String number(Optional<Generation> generation) {
    return generation.map(found -> String.valueOf(found.number())).orElse("none");
  }
}
