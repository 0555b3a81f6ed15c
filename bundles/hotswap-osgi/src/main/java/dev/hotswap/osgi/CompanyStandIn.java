package dev.hotswap.osgi;

import dev.hotswap.api.Handle;
import dev.hotswap.core.Company;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.World;
import java.util.Map;
import org.osgi.framework.BundleContext;

/**
 * The stand-in of a contract for those of one company, where a staged one of them offers it and
 * nothing current does: so a plugin comes up together with the first provider of what it needs. It
 * is answered by what is staged until something current answers. Only they see it, in place of the
 * ordinary one, which is registered for all others at the publish; and they keep it, as they would
 * that one, until nothing provides the contract any more. Thread-safe.
 */
final class CompanyStandIn<S> extends StandIn<S> {
  /** The service property that names those who see it. */
  static final String COMPANY = "hotswap.company";

  private final Class<S> contract;
  private final World world;
  private final Company company;
  private boolean published; // guarded by the monitor

  CompanyStandIn(
      BundleContext context,
      Class<S> contract,
      World world,
      SwapSettings settings,
      Company company) {
    super(context, contract, world, settings);
    this.contract = contract;
    this.world = world;
    this.company = company;
  }

  boolean isFor(Company asking) {
    return company == asking;
  }

  /** Whether it is down for good. */
  boolean isOver() {
    return isDown() && !company.offers(contract);
  }

  /** Who has found the ordinary one goes on with that. */
  @Override
  boolean isNeeded(boolean stands) {
    boolean offered = company.offers(contract);
    published |= company.isCurrent(); // in this order: a publish may come between
    return world.provides(contract)
        ? stands && (offered || published && !company.hasEnded())
        : offered;
  }

  @Override
  Handle<S> handle() {
    return world.ownHandle(contract, company);
  }

  @Override
  Map<String, Object> properties() {
    return Map.of(MARK, true, COMPANY, company.toString());
  }
}
