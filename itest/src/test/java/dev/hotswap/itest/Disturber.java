package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Lease;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Counter;
import dev.hotswap.itest.contract.Greeter;
import dev.hotswap.itest.contract.Told;
import java.io.ByteArrayInputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;

/** Does to the plugins of one front what the host is not asked for. */
final class Disturber {
  private final Front front;

  Disturber(Front front) {
    this.front = front;
  }

  private Model model() {
    return front.model();
  }

  void stopAndStart(String plugin) throws Exception {
    Bundle bundle = bundle(plugin);
    front.tally().expectWithdrawals(1);
    goesAndComesBack(plugin, bundle::stop, bundle::start);
  }

  private interface Step {
    void run() throws Exception;
  }

  private void goesAndComesBack(String plugin, Step go, Step comeBack) throws Exception {
    String version = model().answering().get(plugin);
    model().mayLoseState(plugin);
    model().mayAnswer(Map.of(plugin, Optional.empty()));
    go.run();
    model().mustAnswer();
    model().mayAnswer(Map.of(plugin, Optional.of(version)));
    comeBack.run();
    model().mustAnswer();
    model().hasLostState(plugin);
  }

  void update(String plugin) throws Exception {
    String version = front.nextVersion();
    Bundle bundle = bundle(plugin);
    byte[] bytes = front.jar(plugin, version).bytes();
    front.tally().expectWithdrawals(1);
    model().mayLoseState(plugin);
    model().mayAnswer(Map.of(plugin, Optional.empty()));
    model().mayAnswer(Map.of(plugin, Optional.of(version)));
    bundle.update(new ByteArrayInputStream(bytes));
    model().mustAnswer();
    model().hasLostState(plugin);
  }

  void refresh(String plugin) throws Exception {
    String version = model().answering().get(plugin);
    front.tally().expectWithdrawals(1);
    model().mayLoseState(plugin);
    model().mayAnswer(Map.of(plugin, Optional.empty()));
    model().mayAnswer(Map.of(plugin, Optional.of(version)));
    Bundle bundle = bundle(plugin);
    refresh(List.of(bundle));
    startAgain(bundle);
    model().mustAnswer();
    model().hasLostState(plugin);
  }

  /**
   * Equinox forgets to start again what it has stopped for a refresh, where another bundle is
   * installed or uninstalled meanwhile: it then begins anew, and finds it stopped already.
   */
  private void startAgain(Bundle refreshed) throws BundleException {
    String framework = front.host().bundleContext().getBundle(0).getSymbolicName();
    if (framework.equals("org.eclipse.osgi") && refreshed.getState() != Bundle.ACTIVE) {
      refreshed.start(Bundle.START_TRANSIENT);
    }
  }

  private void refresh(Collection<Bundle> bundles) throws InterruptedException {
    CountDownLatch refreshed = new CountDownLatch(1);
    front
        .host()
        .bundleContext()
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(bundles, event -> refreshed.countDown());
    assertThat(refreshed.await(Front.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /**
   * Its dependent goes on with the old one until it is refreshed, and that stops both. But what the
   * library tells is the version of its bundle, which is the new one with the update.
   */
  void updateAndRefreshLibrary() throws Exception {
    front.swap(Region.BASE); // who stays is on one before: it would not resolve again
    String version = front.nextVersion();
    Optional<String> leaf = Optional.of(model().answering().get(Region.LEAF));
    Bundle bundle = bundle(Region.BASE);
    Bundle dependent = bundle(Region.LEAF);
    byte[] bytes = front.jar(Region.BASE, version).bytes();
    front.tally().expectWithdrawals(3);
    model().mayAnswer(Map.of(Region.BASE, Optional.of(version)));
    bundle.update(new ByteArrayInputStream(bytes));
    model().mayAnswer(Map.of(Region.LEAF, Optional.empty()));
    model().mayAnswer(Map.of(Region.LEAF, leaf));
    refresh(List.of(bundle));
    startAgain(bundle);
    startAgain(dependent);
    model().mustAnswer();
  }

  /** Nobody calls a library: its dependent does not notice. */
  void stopAndStartLibrary() throws Exception {
    Bundle bundle = bundle(Region.BASE);
    front.tally().expectWithdrawals(1);
    bundle.stop();
    front.requireCurrent();
    bundle.start();
  }

  void uninstallAndDeploy(String plugin) throws Exception {
    Bundle bundle = bundle(plugin);
    front.tally().isUninstalled(current(plugin).id());
    front.tally().expectWithdrawals(1);
    model().mayLoseState(plugin);
    model().mayAnswer(Map.of(plugin, Optional.empty()));
    bundle.uninstall();
    model().mustAnswer();
    model().unloaded(plugin);
    front.swap(plugin);
    model().hasLostState(plugin);
  }

  /** A greeter that Declarative Services deactivates, and activates anew: its bundle goes on. */
  void deactivateByConfiguration() throws Exception {
    front.swap(Region.GREETER, StormJars::component);
    String version = model().answering().get(Region.GREETER);
    Bundle bundle = bundle(Region.GREETER);
    awaitAlone(bundle);
    Object before = greeter(bundle);
    model().mayAnswer(Map.of(Region.GREETER, Optional.empty()));
    model().mayAnswer(Map.of(Region.GREETER, Optional.of(version)));
    new Configurations(front.host().bundleContext()).update("StampedComponent", version);
    await()
        .atMost(Front.LIMIT)
        .until(() -> greeter(bundle) != null && !greeter(bundle).equals(before));
    model().mustAnswer();
  }

  /** Declarative Services loses a configuration while another component that it is for stops. */
  private void awaitAlone(Bundle bundle) {
    await()
        .atMost(Front.LIMIT)
        .until(
            () ->
                Stream.of(front.host().bundleContext().getBundles())
                    .filter(other -> bundle.getSymbolicName().equals(other.getSymbolicName()))
                    .filter(Disturber::isRunning)
                    .allMatch(bundle::equals));
  }

  private static boolean isRunning(Bundle bundle) {
    return (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING)) != 0;
  }

  /** The id of its greeter; null while it has none. Others are registered in its name too. */
  private static Object greeter(Bundle bundle) {
    ServiceReference<?>[] registered = bundle.getRegisteredServices();
    return Stream.of(registered == null ? new ServiceReference<?>[0] : registered)
        .filter(reference -> isOf(reference, Greeter.class))
        .map(reference -> reference.getProperty(Constants.SERVICE_ID))
        .findFirst()
        .orElse(null);
  }

  private static boolean isOf(ServiceReference<?> reference, Class<?> contract) {
    String[] names = (String[]) reference.getProperty(Constants.OBJECTCLASS);
    return List.of(names).contains(contract.getName());
  }

  private Generation current(String plugin) {
    return front.host().snapshot().plugin(plugin).orElseThrow().current().orElseThrow();
  }

  /** The bundle of the generation that is current, not of one that still drains or stands by. */
  private Bundle bundle(String plugin) {
    Class<?> contract =
        switch (plugin) {
          case Region.GREETER -> Greeter.class;
          case Region.CLOCK -> Clock.class;
          case Region.RELAY -> Told.Relay.class;
          case Region.OUTER -> Told.Outer.class;
          case Region.COUNTER -> Counter.class;
          case Region.SOLE -> Told.Sole.class;
          case Region.LEAF -> Told.Leaf.class;
          case Region.STAYER -> Told.Stayer.class;
          default -> null;
        };
    return contract == null ? library() : bundle(contract);
  }

  private Bundle bundle(Class<?> contract) {
    try (Lease<?> lease = front.host().handle(contract).lease()) {
      front.tally().returned(Stamp.of(lease.generation()));
      return FrameworkUtil.getBundle(lease.service().getClass());
    }
  }

  /** What stands by is stopped, and what has left is uninstalled. */
  private Bundle library() {
    return Stream.of(front.host().bundleContext().getBundles())
        .filter(bundle -> Region.BASE.equals(bundle.getSymbolicName()))
        .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
        .filter(
            bundle -> bundle.getVersion().toString().equals(model().answering().get(Region.BASE)))
        .findFirst()
        .orElseThrow();
  }
}
