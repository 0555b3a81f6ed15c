package dev.hotswap.api;

import java.time.Duration;

/**
 * How a generation left.
 *
 * @param generation the one that left
 * @param calls what became of its calls; exact
 * @param drain from publish of its successor to the end of its last call
 * @param reclaim stop, uninstall and refresh together
 */
public record Retirement(Generation generation, Calls calls, Duration drain, Duration reclaim) {}
