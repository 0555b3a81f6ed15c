/**
 * What the application and the plugin share: the contract {@link dev.hotswap.examples.rules.Rules}
 * and the values that cross it. It is in no bundle that gets swapped, so every version of the
 * plugin and every caller mean the same types by these names.
 */
@Export
@Version("1.0.0")
package dev.hotswap.examples.rules;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
