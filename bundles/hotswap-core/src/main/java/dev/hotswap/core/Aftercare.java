package dev.hotswap.core;

import dev.hotswap.api.HeapWalk;
import dev.hotswap.api.Leftovers;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a host can do about generations that it has reclaimed.
 *
 * @param leftovers takes back what they have left behind in the JVM
 * @param walk finds out what holds them; asked for anew each time, empty where there is none
 */
public record Aftercare(Leftovers leftovers, Supplier<Optional<HeapWalk>> walk) {
  /** Nothing, beside watching them. */
  public static final Aftercare NONE = new Aftercare(Leftovers.NONE, Optional::empty);
}
