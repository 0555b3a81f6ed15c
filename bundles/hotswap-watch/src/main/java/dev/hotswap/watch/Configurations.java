package dev.hotswap.watch;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Where files of settings go. Called by the acting thread, and by that of whoever rolls back; so
 * thread-safe.
 */
public interface Configurations {
  /** None: files of settings wait. */
  Configurations NONE =
      new Configurations() {
        @Override
        public boolean areThere() {
          return false;
        }

        @Override
        public Optional<Map<String, Object>> get(String pid) {
          return Optional.empty();
        }

        @Override
        public void set(String pid, Map<String, Object> values) {
          throw new IllegalStateException("there is nothing to configure with");
        }

        @Override
        public void delete(String pid) {}
      };

  /** Whether they can be applied now. */
  boolean areThere();

  /**
   * The values that stand.
   *
   * @param pid {@code factory~name} for one of a factory
   */
  Optional<Map<String, Object>> get(String pid) throws IOException;

  /** Puts these values in place of whatever stood. */
  void set(String pid, Map<String, Object> values) throws IOException;

  /** Takes it away, if it is there. */
  void delete(String pid) throws IOException;
}
