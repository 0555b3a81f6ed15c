/**
 * The words of Hotswap as types: what callers hold ({@link dev.hotswap.api.Handle}, {@link
 * dev.hotswap.api.Handles}, {@link dev.hotswap.api.Lease}), what operators use ({@link
 * dev.hotswap.api.Swapper}), and what both are told ({@link dev.hotswap.api.Receipt}, {@link
 * dev.hotswap.api.Refusal}, {@link dev.hotswap.api.SwapEvent}, {@link dev.hotswap.api.Snapshot}).
 * Imports only {@code java.*}.
 */
@Export
@Version("0.1.0")
package dev.hotswap.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
