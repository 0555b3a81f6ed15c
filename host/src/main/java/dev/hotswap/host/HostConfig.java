package dev.hotswap.host;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.Leftovers;
import dev.hotswap.api.SwapListener;
import dev.hotswap.core.Disk;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.leaks.WalkSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything a host is opened with; sealed before it opens.
 *
 * @param settings its times
 * @param data its data folder; a temporary one where empty
 * @param disk what the data folder is written by, where one is named
 * @param startAttempts how many starts in a row the process may die in, before a generation is not
 *     started any more
 * @param shared the contracts that it shares with plugins
 * @param contracts class names of contracts that its base bundles have
 * @param base bundles deployed at start and never swapped
 * @param configurationAdmin started with the base bundles, where none of those offers one
 * @param plugins swapped in at start, in this order
 * @param watch the folder that it watches, if any
 * @param framework which one, and how it is launched
 * @param listeners told every event from the first on
 * @param clock for the times in events
 * @param leftovers takes back what generations leave behind
 * @param walk finds out what holds generations; made with the data folder, where one is named
 */
record HostConfig(
    SwapSettings settings,
    Optional<Path> data,
    Disk disk,
    int startAttempts,
    List<Class<?>> shared,
    List<String> contracts,
    List<Path> base,
    Optional<Path> configurationAdmin,
    List<Path> plugins,
    Optional<Path> watch,
    FrameworkSettings framework,
    List<SwapListener> listeners,
    InstantSource clock,
    Leftovers leftovers,
    Function<Optional<Path>, HeapWalk> walk) {
  static final int START_ATTEMPTS = 2;

  /** Where heaps are dumped: in the data folder, where one is named. */
  static WalkSettings in(Optional<Path> data, WalkSettings settings) {
    return data.map(folder -> settings.withFolder(folder.resolve("heap"))).orElse(settings);
  }

  /** As it is, if it is sensible. */
  static int startAttempts(int attempts) {
    if (attempts < 1 || attempts > 1000) {
      throw new IllegalArgumentException(
          "start.attempts is " + attempts + "; it must be from 1 to 1000");
    }
    return attempts;
  }
}
