/** Files of settings, applied through the Configuration Admin Service where there is one. */
@Export
@Version("0.1.0")
package dev.hotswap.watch.cm;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
