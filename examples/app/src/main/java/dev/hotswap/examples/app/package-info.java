/**
 * The application of the examples: it calls {@link dev.hotswap.examples.rules.Rules} through a
 * handle while the plugin behind it is swapped, and checks every answer.
 */
package dev.hotswap.examples.app;
