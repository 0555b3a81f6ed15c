package dev.hotswap.host;

import dev.hotswap.osgi.ExportHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * The packages that plugins get from the embedding application, each with the version that it has
 * there, as the system bundle exports them.
 */
final class SharedPackages {
  private static final String UNVERSIONED = "0.0.0";

  private final ClassLoader framework;
  private final SortedMap<String, String> versions = new TreeMap<>();

  /**
   * @param framework the class loader of the framework
   */
  SharedPackages(ClassLoader framework) {
    this.framework = framework;
  }

  /**
   * Shares the package of a class, with the version from the Export-Package header of the jar or
   * folder that the class comes from, or from a {@code packageinfo} file beside it. A package that
   * has no version in either is shared as 0.0.0, which is what plugins compiled against it import.
   *
   * @throws HostStartException when the framework would load another class of that name
   */
  void add(Class<?> contract) {
    if (contract.getPackageName().isEmpty() || contract.isPrimitive() || contract.isArray()) {
      throw new HostStartException(
          contract + " is in no package and cannot be shared. Put the contract into a package.");
    }
    requireSameForFramework(contract);
    versions.put(contract.getPackageName(), versionOf(contract));
  }

  boolean contains(Class<?> contract) {
    return versions.containsKey(contract.getPackageName());
  }

  /** In the form of {@code org.osgi.framework.system.packages.extra}. */
  String asHeader() {
    return versions.entrySet().stream()
        .map(entry -> entry.getKey() + ";version=\"" + entry.getValue() + "\"")
        .collect(Collectors.joining(","));
  }

  /** The system bundle loads shared packages through the class loader of the framework itself. */
  private void requireSameForFramework(Class<?> contract) {
    Class<?> seen = null;
    try {
      seen = Class.forName(contract.getName(), false, framework);
    } catch (ClassNotFoundException | LinkageError e) {
      // not the same then
    }
    if (seen != contract) {
      throw new HostStartException(
          contract.getName()
              + " cannot be shared: the class loader of the framework, "
              + framework
              + ", does not see this class. Put the contract on the class path that Hotswap is on.");
    }
  }

  private static String versionOf(Class<?> contract) {
    return fromManifest(contract).or(() -> fromPackageInfo(contract)).orElse(UNVERSIONED);
  }

  private static Optional<String> fromManifest(Class<?> contract) {
    String path = contract.getName().replace('.', '/') + ".class";
    String url = String.valueOf(contract.getResource("/" + path));
    if (!url.endsWith(path)) {
      return Optional.empty();
    }
    String root = url.substring(0, url.length() - path.length());
    try (InputStream in = new URL(root + "META-INF/MANIFEST.MF").openStream()) {
      String exports = new Manifest(in).getMainAttributes().getValue("Export-Package");
      return ExportHeader.versionOf(exports, contract.getPackageName());
    } catch (IOException e) {
      return Optional.empty(); // it has no manifest
    }
  }

  private static Optional<String> fromPackageInfo(Class<?> contract) {
    try (InputStream in = contract.getResourceAsStream("packageinfo")) {
      if (in == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(in);
      return Optional.ofNullable(properties.getProperty("version"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
