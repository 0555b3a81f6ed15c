/**
 * Reads a heap dump in the HPROF format, as HotSpot writes it, and searches it for the shortest
 * paths to some of its objects. Knows nothing of Hotswap: it also runs in a process of its own.
 */
package dev.hotswap.leaks.heap;
