package dev.hotswap.itest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The shell of a host whose base bundles include it. By reflection: its classes are theirs. */
final class Gogo {
  private final BundleContext context;

  Gogo(BundleContext context) {
    this.context = context;
  }

  /**
   * Runs a line as if somebody had typed it; whatever it fails with is thrown.
   *
   * @param plugin is {@code $plugin} in it
   */
  void run(String line, Bundle plugin) throws Exception {
    // all: its interface is the bundle's, and not one that this class can see
    ServiceReference<?> reference =
        context
            .getAllServiceReferences("org.apache.felix.service.command.CommandProcessor", null)[0];
    Object processor = context.getService(reference);
    OutputStream nowhere = new ByteArrayOutputStream();
    Object session =
        processor
            .getClass()
            .getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
            .invoke(processor, new ByteArrayInputStream(new byte[0]), nowhere, nowhere);
    try {
      session
          .getClass()
          .getMethod("put", String.class, Object.class)
          .invoke(session, "plugin", plugin);
      session.getClass().getMethod("execute", CharSequence.class).invoke(session, line);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(line + ": " + e.getCause());
    } finally {
      session.getClass().getMethod("close").invoke(session);
    }
  }
}
