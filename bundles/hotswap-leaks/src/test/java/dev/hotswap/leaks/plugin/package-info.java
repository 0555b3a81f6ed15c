/** Stands for a plugin: each test loads it by class loaders of its own. */
package dev.hotswap.leaks.plugin;
