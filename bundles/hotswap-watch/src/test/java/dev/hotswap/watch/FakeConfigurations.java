package dev.hotswap.watch;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps the values in a map. */
final class FakeConfigurations implements Configurations {
  final Map<String, Map<String, Object>> all = new TreeMap<>();
  boolean areThere = true;
  boolean fails;

  @Override
  public boolean areThere() {
    return areThere;
  }

  @Override
  public Optional<Map<String, Object>> get(String pid) {
    return Optional.ofNullable(all.get(pid));
  }

  @Override
  public void set(String pid, Map<String, Object> values) throws IOException {
    if (fails) {
      throw new IOException("the disk is full");
    }
    all.put(pid, values);
  }

  @Override
  public void delete(String pid) {
    all.remove(pid);
  }
}
