/**
 * {@code hotswap run}: a host in a process of its own, with the shell and its socket. It ends that
 * process, sets system properties and has its streams replaced, which no embedded host does.
 */
package dev.hotswap.launcher;
