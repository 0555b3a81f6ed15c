package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/** Objects of the generation's that stand in the system properties, where only texts belong. */
final class SystemProperties implements Sweep {
  @Override
  public void undo(Own own, Consumer<Leftover> found) {
    Iterator<Map.Entry<Object, Object>> entries = System.getProperties().entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Object, Object> entry = entries.next();
      if (own.has(entry.getKey()) || own.has(entry.getValue())) {
        entries.remove();
        found.accept(
            new Leftover(
                Leftover.Kind.JVM_DEFAULT,
                "system property " + label(own, entry),
                true,
                "in stop(): System.getProperties().remove(key); or put the text of the object"));
      }
    }
  }

  private static String label(Own own, Map.Entry<Object, Object> entry) {
    Object key = entry.getKey();
    return own.has(key)
        ? "whose key is a " + Own.name(key)
        : key + ", a " + Own.name(entry.getValue());
  }
}
