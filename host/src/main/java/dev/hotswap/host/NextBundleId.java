package dev.hotswap.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * The file in which Felix notes, at every install, the id of the next bundle, so that ids go on
 * after a restart. It cuts the file to nothing before it writes, which on ext4 takes as long as a
 * quarter of the whole install. A host's cache is emptied at each start, so nobody ever reads it.
 */
final class NextBundleId {
  private static final String FELIX = "Apache Software Foundation";
  private static final Path NOWHERE = Path.of("/dev/null");

  private NextBundleId() {}

  /** Has it written to nowhere, where the system has that; elsewhere all stays as it is. */
  static void forget(BundleContext framework) {
    File file = framework.getDataFile("bundle.id");
    boolean applies = FELIX.equals(framework.getProperty(Constants.FRAMEWORK_VENDOR));
    if (applies && file != null && Files.isWritable(NOWHERE)) {
      try {
        Files.deleteIfExists(file.toPath());
        Files.createSymbolicLink(file.toPath(), NOWHERE);
      } catch (IOException | UnsupportedOperationException e) {
        return; // installs take a little longer
      }
    }
  }
}
