/**
 * Tells a path through the heap in the words of a Java developer: who holds what, and what to do.
 */
package dev.hotswap.leaks.words;
