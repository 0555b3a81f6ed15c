package dev.hotswap.osgi;

import dev.hotswap.core.Jar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.utils.resource.CapabilitySet;
import org.apache.felix.utils.resource.RequirementImpl;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * The jars of one plan as the resolver would see them, read from their manifests: nothing is
 * installed. Used by one thread.
 */
final class Candidates {
  private final Map<String, Resource> resources = new LinkedHashMap<>();
  private final Map<Resource, String> plugins = new HashMap<>();
  private final Map<String, CapabilitySet> byNamespace = new HashMap<>();

  /**
   * @throws BundleException when the manifest is not well-formed
   */
  void add(Jar jar) throws BundleException {
    Resource resource = ResourceBuilder.build(jar.file().toString(), jar.headers());
    resources.put(jar.plugin(), resource);
    plugins.put(resource, jar.plugin());
    for (Capability capability : resource.getCapabilities(null)) {
      byNamespace
          .computeIfAbsent(capability.getNamespace(), name -> new CapabilitySet(List.of(name)))
          .addCapability(capability);
    }
  }

  boolean contains(String plugin) {
    return resources.containsKey(plugin);
  }

  /** The attribute of the plugin's capability of that namespace, where it has one. */
  Optional<String> capability(String plugin, String namespace, String attribute) {
    return resources.get(plugin).getCapabilities(namespace).stream()
        .findFirst()
        .map(capability -> String.valueOf(capability.getAttributes().get(attribute)));
  }

  /** The contracts whose services the manifest of that plugin declares. */
  Set<String> declaredServices(String plugin) {
    Set<String> contracts = new LinkedHashSet<>();
    for (Capability service : resources.get(plugin).getCapabilities("osgi.service")) {
      Object names = service.getAttributes().get(Constants.OBJECTCLASS);
      if (names instanceof Collection<?> several) {
        several.forEach(name -> contracts.add(String.valueOf(name)));
      } else if (names != null) {
        contracts.add(String.valueOf(names));
      }
    }
    return contracts;
  }

  /** What the jar of that plugin requires. */
  List<Requirement> requirements(String plugin) {
    return resources.get(plugin).getRequirements(null);
  }

  /** One of the packages that the jar of that plugin exports and does not import. */
  Optional<String> ownPackage(String plugin, Set<String> packages) {
    String namespace = PackageNamespace.PACKAGE_NAMESPACE;
    List<Requirement> imports = resources.get(plugin).getRequirements(namespace);
    return resources.get(plugin).getCapabilities(namespace).stream()
        .filter(exported -> imports.stream().noneMatch(wanted -> matches(exported, wanted)))
        .map(exported -> String.valueOf(exported.getAttributes().get(namespace)))
        .filter(packages::contains)
        .findFirst();
  }

  /** Whether the jar of that plugin exports the package. */
  boolean exports(String plugin, String name) {
    String namespace = PackageNamespace.PACKAGE_NAMESPACE;
    return resources.get(plugin).getCapabilities(namespace).stream()
        .anyMatch(exported -> name.equals(exported.getAttributes().get(namespace)));
  }

  /** The requirements by which the jar of that plugin imports the package. */
  List<Requirement> imports(String plugin, String name) {
    String clause = "(" + PackageNamespace.PACKAGE_NAMESPACE + "=" + name + ")";
    return resources.get(plugin).getRequirements(PackageNamespace.PACKAGE_NAMESPACE).stream()
        .filter(
            wanted ->
                wanted
                    .getDirectives()
                    .getOrDefault(Constants.FILTER_DIRECTIVE, "")
                    .contains(clause))
        .toList();
  }

  /** The plugins whose jars provide what is required. */
  Set<String> providers(Requirement requirement) {
    Set<String> providers = new LinkedHashSet<>();
    CapabilitySet capabilities = byNamespace.get(requirement.getNamespace());
    if (capabilities != null) {
      capabilities
          .match(RequirementImpl.getFilter(requirement), true)
          .forEach(capability -> providers.add(plugins.get(capability.getResource())));
    }
    return providers;
  }

  private static boolean matches(Capability capability, Requirement requirement) {
    return CapabilitySet.matches(capability, RequirementImpl.getFilter(requirement));
  }

  /** The plugins in an order in which those come first that others need; cycles as they are. */
  List<String> providersFirst() {
    Set<String> ordered = new LinkedHashSet<>();
    Set<String> visited = new LinkedHashSet<>();
    resources.keySet().forEach(plugin -> visit(plugin, visited, ordered));
    return new ArrayList<>(ordered);
  }

  private void visit(String plugin, Set<String> visited, Set<String> ordered) {
    if (visited.add(plugin)) {
      for (Requirement requirement : requirements(plugin)) {
        providers(requirement).forEach(provider -> visit(provider, visited, ordered));
      }
      ordered.add(plugin);
    }
  }
}
