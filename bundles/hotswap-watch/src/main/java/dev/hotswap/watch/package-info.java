/**
 * The watch folder: a file that is dropped swaps, one that is deleted unloads ({@link
 * dev.hotswap.watch.WatchFolder}).
 */
@Export
@Version("0.1.0")
package dev.hotswap.watch;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
