/**
 * The engine in plain Java: leases and the world they look at ({@link dev.hotswap.core.World}), and
 * the life cycle of a swap ({@link dev.hotswap.core.PluginSwapper}). It knows no framework: the
 * framework's side of a swap comes in through {@link dev.hotswap.core.Installer}.
 */
@Export
@Version("0.1.0")
package dev.hotswap.core;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
