package dev.hotswap.host.exported;

/** A contract of a package of its own. */
public interface Contract {}
