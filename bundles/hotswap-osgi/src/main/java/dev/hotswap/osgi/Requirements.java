package dev.hotswap.osgi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.utils.resource.RequirementImpl;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Requirement;

/** Says, in the words of whoever wrote the manifest, which requirements nothing satisfies. */
final class Requirements {
  private static final Pattern AT_LEAST = Pattern.compile("\\((?:bundle-)?version>=([^)]+)\\)");
  private static final Pattern BELOW =
      Pattern.compile("\\(!\\s*\\((?:bundle-)?version>=([^)]+)\\)\\)");

  private final FrameworkWiring wiring;
  private final Generations generations;

  Requirements(FrameworkWiring wiring, Generations generations) {
    this.wiring = wiring;
    this.generations = generations;
  }

  /**
   * The bundle's mandatory requirements without a provider that it may be wired to.
   *
   * @param contractPackages as of {@link #describe(Requirement, Set)}
   */
  List<String> missing(Bundle bundle, Set<String> contractPackages) {
    List<String> missing = new ArrayList<>();
    for (BundleRequirement requirement :
        bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
      if (isMandatory(requirement) && !isProvided(bundle, requirement)) {
        missing.add(describe(requirement, contractPackages));
      }
    }
    return missing;
  }

  static boolean isMandatory(Requirement requirement) {
    String resolution = requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE);
    String effective = requirement.getDirectives().get(Constants.EFFECTIVE_DIRECTIVE);
    return !Constants.RESOLUTION_OPTIONAL.equals(resolution)
        && !"dynamic".equals(resolution)
        && (effective == null || Constants.EFFECTIVE_RESOLVE.equals(effective));
  }

  private boolean isProvided(Bundle bundle, BundleRequirement requirement) {
    return providers(requirement).stream()
        .anyMatch(provider -> generations.maySee(bundle, provider.getRevision().getBundle()));
  }

  private Collection<BundleCapability> providers(BundleRequirement requirement) {
    return wiring.findProviders(requirement);
  }

  /** The installed bundles that declare what is required. */
  List<Bundle> providers(Requirement requirement) {
    List<Bundle> providers = new ArrayList<>();
    for (BundleCapability capability : wiring.findProviders(requirement)) {
      providers.add(capability.getRevision().getBundle());
    }
    return providers;
  }

  /**
   * Which requirement it is that nothing satisfies; of a contract's package also which version it
   * is that callers share.
   *
   * @param contractPackages the packages that callers and plugins share
   */
  String describe(Requirement requirement, Set<String> contractPackages) {
    String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    Optional<String> contracts =
        requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)
            ? value(filter, PackageNamespace.PACKAGE_NAMESPACE).filter(contractPackages::contains)
            : Optional.empty();
    return describe(requirement)
        + contracts
            .map(this::shared)
            .map(version -> ": callers share version " + version + " of it")
            .orElse("");
  }

  /** The version of a package that callers share; null where nobody exports it. */
  private String shared(String name) {
    String filter = "(" + PackageNamespace.PACKAGE_NAMESPACE + "=" + name + ")";
    Map<String, String> directives = Map.of(Constants.FILTER_DIRECTIVE, filter);
    Requirement any =
        new RequirementImpl(null, PackageNamespace.PACKAGE_NAMESPACE, directives, Map.of());
    return wiring.findProviders(any).stream()
        .filter(capability -> generations.of(capability.getRevision().getBundle()).isEmpty())
        .map(
            capability ->
                capability.getAttributes().get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE))
        .map(String::valueOf)
        .findFirst()
        .orElse(null);
  }

  private static String describe(Requirement requirement) {
    String namespace = requirement.getNamespace();
    String filter =
        requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "(no filter)");
    String name = value(filter, namespace).orElse(filter);
    return switch (namespace) {
      case PackageNamespace.PACKAGE_NAMESPACE -> "nothing exports " + name + range(filter);
      case BundleNamespace.BUNDLE_NAMESPACE -> "there is no bundle " + name + range(filter);
      case HostNamespace.HOST_NAMESPACE -> "there is no host bundle " + name + range(filter);
      case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE ->
          "it needs " + filter + "; this is Java " + Runtime.version().feature();
      default -> "nothing provides the capability " + namespace + " " + filter;
    };
  }

  /** What is required, as a plan names it: {@code package text.api [1,2)}. */
  static String name(Requirement requirement) {
    String namespace = requirement.getNamespace();
    String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    String name = value(filter, namespace).orElse(filter) + range(filter);
    return switch (namespace) {
      case PackageNamespace.PACKAGE_NAMESPACE -> "package " + name;
      case BundleNamespace.BUNDLE_NAMESPACE -> "bundle " + name;
      case HostNamespace.HOST_NAMESPACE -> "host " + name;
      default -> "capability " + namespace + " " + filter;
    };
  }

  private static Optional<String> value(String filter, String attribute) {
    Matcher matcher =
        Pattern.compile("\\(" + Pattern.quote(attribute) + "=([^)]+)\\)").matcher(filter);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The filter's version bounds as the manifest's author wrote them: {@code " [1.2,2)"}. */
  private static String range(String filter) {
    Matcher below = BELOW.matcher(filter);
    String upper = below.find() ? shorten(below.group(1)) : "";
    Matcher atLeast = AT_LEAST.matcher(BELOW.matcher(filter).replaceAll(""));
    String lower = atLeast.find() ? shorten(atLeast.group(1)) : "";
    if ((lower.isEmpty() || lower.equals("0")) && upper.isEmpty()) {
      return "";
    }
    return upper.isEmpty()
        ? " " + lower + " or newer"
        : " [" + (lower.isEmpty() ? "0" : lower) + "," + upper + ")";
  }

  /** {@code 1.2.0} as {@code 1.2}, {@code 2.0.0} as {@code 2}. */
  private static String shorten(String version) {
    Version parsed = Version.parseVersion(version);
    if (parsed.getMicro() != 0 || !parsed.getQualifier().isEmpty()) {
      return parsed.toString();
    }
    return parsed.getMinor() == 0
        ? String.valueOf(parsed.getMajor())
        : parsed.getMajor() + "." + parsed.getMinor();
  }
}
