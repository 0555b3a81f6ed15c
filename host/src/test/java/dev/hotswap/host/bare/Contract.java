package dev.hotswap.host.bare;

/** A contract of a package of its own. */
public interface Contract {}
