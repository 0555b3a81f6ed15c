package dev.hotswap.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;

/** The bundles of the shell: Apache Felix Gogo, JLine, and Hotswap's own. */
final class ShellBundles {
  /** The property of the framework by which the shell lets other terminals in. */
  static final String SOCKET = "hotswap.shell.socket";

  /** The property of the framework that names a port for SSH, where there is to be one. */
  private static final String SSH_PORT = "hotswap.shell.ssh.port";

  /** There for its classes, where somebody may come in by SSH. */
  private static final String SSH = "sshd.jar";

  /** The JVM's signals: by them JLine hears of Ctrl-C and of a window that has another size. */
  static final String SIGNALS = "sun.misc";

  /** There for their classes; Gogo's JLine shell would take the terminal for itself. */
  private static final List<String> INSTALLED = List.of("jline.jar", "gogo-jline.jar");

  private static final List<String> STARTED =
      List.of("gogo-runtime.jar", "gogo-command.jar", "hotswap-gogo.jar");

  private ShellBundles() {}

  /**
   * @param folder where they are
   * @return the shell on the terminal of this process
   */
  static Optional<Runnable> start(BundleContext context, Path folder) {
    List<Bundle> started = new ArrayList<>();
    if (context.getProperty(SSH_PORT) != null) {
      install(context, folder.resolve(SSH));
    }
    INSTALLED.forEach(name -> install(context, folder.resolve(name)));
    STARTED.forEach(name -> started.add(install(context, folder.resolve(name))));
    for (Bundle bundle : started) {
      try {
        bundle.start(Bundle.START_TRANSIENT);
      } catch (BundleException e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        throw new LaunchException("the shell does not start: " + reason.getMessage(), e);
      }
    }
    try {
      return context.getServiceReferences(Runnable.class, "(hotswap.console=true)").stream()
          .findFirst()
          .map(context::getService);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // it is written above
    }
  }

  private static Bundle install(BundleContext context, Path jar) {
    try (InputStream bytes = Files.newInputStream(jar)) {
      return context.installBundle("shell:" + jar.getFileName(), bytes);
    } catch (IOException | BundleException e) {
      throw new LaunchException("the shell's bundle " + jar + " cannot be used: " + e, e);
    }
  }
}
