/**
 * The framework's side of Hotswap, on any OSGi Core 8 {@code BundleContext}: bundles are brought up
 * beside those that run, their services are tracked and offered to the world, and what has drained
 * is taken away. {@link dev.hotswap.osgi.Engine} is the entry.
 */
@Export
@Version("0.1.0")
package dev.hotswap.osgi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
