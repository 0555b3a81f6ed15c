package dev.hotswap.core;

/**
 * Where a service stands among several of one contract.
 *
 * @param ranking {@code service.ranking}; the higher wins
 * @param serviceId {@code service.id}; at equal ranking the lower wins
 * @see <a href="https://docs.osgi.org/specification/osgi.core/8.0.0/framework.service.html">OSGi
 *     Core 8, 5.2.5</a>
 */
public record ServiceRank(int ranking, long serviceId) {}
