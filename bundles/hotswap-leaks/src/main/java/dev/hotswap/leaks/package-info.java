/**
 * What keeps the classes of a reclaimed generation in memory, found in a heap dump and told in the
 * words of a Java developer.
 */
@Export
@Version("0.1.0")
package dev.hotswap.leaks;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
