package dev.hotswap.watch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which bundles of one drop depend on each other: by their manifests, where one exports a package
 * that another imports, is a bundle that another requires or a fragment of it, or provides a
 * capability of a namespace that another requires, those of OSGi itself excepted. Versions are left
 * to whoever resolves them.
 */
final class Sets {
  private Sets() {}

  /**
   * The same drops in sets. Files of settings go with the bundles: where there are any, all is one
   * set, since nothing says which bundle they are for.
   */
  static List<List<Drop>> of(List<Drop> drops) {
    boolean mixed = drops.stream().anyMatch(drop -> !drop.isBundle());
    if (mixed && drops.stream().anyMatch(Drop::isBundle)) {
      return List.of(drops);
    }
    List<List<Drop>> sets = new ArrayList<>();
    for (Drop drop : drops) {
      List<Drop> together = new ArrayList<>(List.of(drop));
      for (List<Drop> set : List.copyOf(sets)) {
        if (set.stream().anyMatch(other -> isRelated(other, drop))) {
          together.addAll(0, set);
          sets.remove(set);
        }
      }
      sets.add(together);
    }
    return sets;
  }

  private static boolean isRelated(Drop one, Drop other) {
    return one.content() instanceof Content.Bundle left
        && other.content() instanceof Content.Bundle right
        && (left.plugin().equals(right.plugin()) || needs(left, right) || needs(right, left));
  }

  private static boolean needs(Content.Bundle one, Content.Bundle other) {
    Set<String> needed = new HashSet<>();
    needed.addAll(named("package ", one, "Import-Package"));
    needed.addAll(named("bundle ", one, "Require-Bundle"));
    needed.addAll(named("bundle ", one, "Fragment-Host"));
    needed.addAll(named("capability ", one, "Require-Capability"));
    needed.removeIf(name -> name.startsWith("capability osgi."));
    Set<String> given = new HashSet<>(Set.of("bundle " + other.plugin()));
    given.addAll(named("package ", other, "Export-Package"));
    given.addAll(named("capability ", other, "Provide-Capability"));
    given.retainAll(needed);
    return !given.isEmpty();
  }

  private static List<String> named(String kind, Content.Bundle bundle, String header) {
    return names(bundle.headers(), header).stream().map(name -> kind + name).toList();
  }

  /** The names before the attributes of each clause. */
  static List<String> names(Map<String, String> headers, String header) {
    List<String> names = new ArrayList<>();
    for (String clause : split(headers.getOrDefault(header, ""), ',')) {
      for (String part : split(clause, ';')) {
        if (!part.contains("=") && !part.isBlank()) {
          names.add(part.trim());
        }
      }
    }
    return names;
  }

  /** At the sign, where it does not stand in quotes. */
  private static List<String> split(String text, char sign) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      quoted ^= text.charAt(at) == '"';
      if (!quoted && text.charAt(at) == sign) {
        parts.add(text.substring(from, at));
        from = at + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }
}
