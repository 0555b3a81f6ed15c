package dev.hotswap.osgi;

import dev.hotswap.core.ServiceFilter;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * OSGi filters as the world takes them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1960">RFC 1960</a> and OSGi Core 8, 3.2.7
 */
final class Filters {
  private Filters() {}

  /**
   * Known by the framework's normal form, so that white space makes no second handle.
   *
   * @throws IllegalArgumentException when it is malformed; says where
   */
  static ServiceFilter parse(String text) {
    try {
      Filter filter = FrameworkUtil.createFilter(text);
      return new ServiceFilter(filter.toString(), filter::matches);
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException(malformed(text, e), e);
    }
  }

  private static String malformed(String text, InvalidSyntaxException e) {
    int at = position(text, e);
    String reason = e.getMessage().split(": | at \"", 2)[0];
    return "\""
        + text
        + "\" is not an OSGi filter: "
        + reason
        + (at == text.length() ? ", at its end" : ", at character " + (at + 1))
        + "; no handle was made. Write one such as (lang=de) or (&(lang=de)(kind=*)).";
  }

  /**
   * The framework quotes what it could not read, from there to the end, and then the whole; each
   * framework in its own way.
   */
  private static int position(String text, InvalidSyntaxException e) {
    int first = text.length() - text.stripLeading().length();
    if (!text.startsWith("(", first)) {
      return first; // here its two quotations are one
    }
    String message = e.getMessage();
    String whole = ": " + text;
    String reason =
        message.endsWith(whole) ? message.substring(0, message.length() - whole.length()) : message;
    int at = 0;
    while (at < text.length() && !quotes(reason, text.substring(at))) {
      at++;
    }
    return at;
  }

  private static boolean quotes(String reason, String rest) {
    return reason.endsWith(": " + rest) || reason.endsWith(" at \"" + rest + '"');
  }
}
