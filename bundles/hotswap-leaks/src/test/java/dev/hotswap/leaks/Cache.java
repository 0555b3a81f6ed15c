package dev.hotswap.leaks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where an application keeps what a plugin has given to it. */
final class Cache {
  static final Map<String, Object> ALL = new ConcurrentHashMap<>();
  static final Listeners LISTENERS = new Listeners();
  static final CompletableFuture<Void> LATER = new CompletableFuture<>();
  static final List<Throwable> TROUBLES = new CopyOnWriteArrayList<>();

  static final class Listeners {
    final List<Object> listeners = new CopyOnWriteArrayList<>();
  }

  private Cache() {}
}
