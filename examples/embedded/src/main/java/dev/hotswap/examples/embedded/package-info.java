/**
 * A Java program with a host in it: {@link dev.hotswap.examples.embedded.RulesService} answers HTTP
 * requests by calling {@link dev.hotswap.examples.rules.Rules} through a handle.
 */
package dev.hotswap.examples.embedded;
