package dev.hotswap.host;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/**
 * One throw-away install, start and uninstall: the first of a process is about ten times slower
 * than the rest, and should not be somebody's swap.
 */
final class FirstRun {
  static final String NAME = "dev.hotswap.first-run";

  private FirstRun() {}

  static void run(BundleContext context) {
    try {
      Bundle bundle = context.installBundle(NAME, new ByteArrayInputStream(emptyBundle()));
      bundle.start(Bundle.START_TRANSIENT);
      bundle.uninstall();
    } catch (BundleException | IOException e) {
      throw new HostStartException("the framework cannot run an empty bundle: " + e, e);
    }
  }

  private static byte[] emptyBundle() throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    headers.putValue(Constants.BUNDLE_SYMBOLICNAME, NAME);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new JarOutputStream(bytes, manifest).close();
    return bytes.toByteArray();
  }
}
