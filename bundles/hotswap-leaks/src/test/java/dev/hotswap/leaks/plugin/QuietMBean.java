package dev.hotswap.leaks.plugin;

/** What is managed of it: nothing. */
public interface QuietMBean {}
