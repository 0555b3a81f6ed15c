package dev.hotswap.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.slf4j.Logger;

/** The bundles of the shell: Apache Felix Gogo, JLine, and Hotswap's own. */
final class ShellBundles {
  /** The property of the framework by which the shell lets other terminals in. */
  static final String SOCKET = "hotswap.shell.socket";

  /** The property of the framework that names a port for SSH, where there is to be one. */
  private static final String SSH_PORT = "hotswap.shell.ssh.port";

  /** There for their classes, where somebody may come in by SSH; the second knows Ed25519 keys. */
  private static final List<String> SSH = List.of("sshd.jar", "bcprov.jar");

  /** The JVM's signals: by them JLine hears of Ctrl-C and of a window that has another size. */
  private static final String SIGNALS = "sun.misc";

  /** Of SLF4J, in which the server of SSH logs. */
  private static final List<String> LOGGING =
      List.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi");

  /** There for their classes; Gogo's JLine shell would take the terminal for itself. */
  private static final List<String> INSTALLED = List.of("jline.jar", "gogo-jline.jar");

  private static final List<String> STARTED =
      List.of("gogo-runtime.jar", "gogo-command.jar", "hotswap-gogo.jar");

  private ShellBundles() {}

  /** What they need of this application, in the form of the framework's property. */
  static String packages() {
    String version = Logger.class.getPackage().getImplementationVersion();
    return LOGGING.stream()
        .map(name -> "," + name + (version == null ? "" : ";version=\"" + version + "\""))
        .collect(Collectors.joining("", SIGNALS, ""));
  }

  /**
   * @param folder where they are
   * @return the shell on the terminal of this process
   */
  static Optional<Runnable> start(BundleContext context, Path folder) {
    List<Bundle> started = new ArrayList<>();
    if (context.getProperty(SSH_PORT) != null) {
      SSH.forEach(name -> install(context, folder.resolve(name)));
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
