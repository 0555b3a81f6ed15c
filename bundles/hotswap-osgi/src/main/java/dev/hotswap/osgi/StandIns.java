package dev.hotswap.osgi;

import dev.hotswap.core.Company;
import dev.hotswap.core.LiveGeneration;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** The stand-ins of all managed contracts. Thread-safe. */
final class StandIns {
  private final BundleContext context;
  private final World world;
  private final Generations generations;
  private final SwapSettings settings;
  private final Map<Class<?>, StandIn<?>> byContract = new ConcurrentHashMap<>();

  /** By contract name. */
  private final Map<String, List<CompanyStandIn<?>>> ofCompanies = new ConcurrentHashMap<>();

  StandIns(BundleContext context, World world, Generations generations, SwapSettings settings) {
    this.context = context;
    this.world = world;
    this.generations = generations;
    this.settings = settings;
  }

  void add(Class<?> contract) {
    byContract.computeIfAbsent(contract, key -> new StandIn<>(context, key, world, settings));
  }

  /** A generation offers the contract: those that are staged with it may be waiting for that. */
  void offered(LiveGeneration generation, Class<?> contract) {
    Company company = generation.company();
    if (company.offers(contract) && !company.isAlone() && byContract.containsKey(contract)) {
      ofCompanies.compute(contract.getName(), (name, known) -> with(company, contract, of(known)));
      settle(List.of(contract));
    }
  }

  private List<CompanyStandIn<?>> with(
      Company company, Class<?> contract, List<CompanyStandIn<?>> known) {
    if (known.stream().anyMatch(standIn -> standIn.isFor(company))) {
      return known;
    }
    List<CompanyStandIn<?>> more = new ArrayList<>(known);
    more.add(new CompanyStandIn<>(context, contract, world, settings, company));
    return List.copyOf(more);
  }

  private static List<CompanyStandIn<?>> of(List<CompanyStandIn<?>> known) {
    return known == null ? List.of() : known;
  }

  /** Has each of the contracts stand in the registry if, and only if, something provides it. */
  void settle(Collection<Class<?>> contracts) {
    for (Class<?> contract : contracts) {
      StandIn<?> standIn = byContract.get(contract);
      if (standIn != null) {
        standIn.settle();
        of(ofCompanies.get(contract.getName())).forEach(StandIn::settle);
        ofCompanies.computeIfPresent(contract.getName(), (name, known) -> withoutOver(known));
      }
    }
  }

  private static List<CompanyStandIn<?>> withoutOver(List<CompanyStandIn<?>> known) {
    List<CompanyStandIn<?>> left = new ArrayList<>(known);
    left.removeIf(CompanyStandIn::isOver);
    return left.isEmpty() ? null : List.copyOf(left);
  }

  /**
   * Whether the service is a stand-in that is not meant for the bundle: those of a company see
   * their own, where they have one, and nobody else does.
   */
  boolean isHidden(ServiceReference<?> reference, Bundle asker) {
    Object meantFor = reference.getProperty(CompanyStandIn.COMPANY);
    if (meantFor == null && ofCompanies.isEmpty()) {
      return false;
    }
    Optional<Company> company = generations.of(asker).map(LiveGeneration::company);
    return meantFor == null
        ? company.filter(of -> hasItsOwn(of, reference)).isPresent()
        : company.map(Company::toString).filter(meantFor::equals).isEmpty();
  }

  private boolean hasItsOwn(Company company, ServiceReference<?> reference) {
    String contract = ((String[]) reference.getProperty(Constants.OBJECTCLASS))[0];
    return reference.getProperty(StandIn.MARK) != null
        && of(ofCompanies.get(contract)).stream()
            .anyMatch(standIn -> standIn.isFor(company) && standIn.isStanding());
  }

  /** Takes all of them away for good. */
  void close() {
    byContract.values().forEach(StandIn::close);
    ofCompanies.values().forEach(all -> all.forEach(StandIn::close));
  }
}
