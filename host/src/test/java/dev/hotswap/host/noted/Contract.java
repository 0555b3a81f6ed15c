package dev.hotswap.host.noted;

/** A contract of a package of its own. */
public interface Contract {}
