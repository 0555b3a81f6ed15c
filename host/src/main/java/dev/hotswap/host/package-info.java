/**
 * Hotswap with a framework of its own: {@link dev.hotswap.host.Host} embeds Apache Felix, shares
 * the contracts of the embedding application with the plugins, and hands out handles.
 */
@Export
@Version("0.1.0")
package dev.hotswap.host;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
