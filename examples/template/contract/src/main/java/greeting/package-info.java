/** What callers and plugins share. Its version is that of the contract. */
@Export
@Version("1.0.0")
package greeting;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
