package dev.hotswap.core;

import dev.hotswap.api.Generation;
import java.util.Optional;

/**
 * What a refusal would speak about.
 *
 * @param what the plugin and version that is being swapped in
 * @param stands what is current meanwhile
 */
public record Subject(String what, Optional<Generation> stands) {}
