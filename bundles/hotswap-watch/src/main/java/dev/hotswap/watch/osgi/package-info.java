/** Brings the watch folder up where the bundle is deployed in a framework. */
package dev.hotswap.watch.osgi;
