package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Told;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Registers a service, of the contract that a manifest header names, that asks the service of
 * another plugin and tells both stamps. Where there is none it waits for one: whoever took it away
 * brings it back.
 */
public class RelayActivator implements BundleActivator {
  private static final long LIMIT = TimeUnit.SECONDS.toMillis(30);

  private volatile boolean stopped;
  private ServiceTracker<?, ?> tracker;

  @Override
  public void start(BundleContext context) {
    String stamp = StampedActivator.stamp(context.getBundle());
    if (context.getBundle().getHeaders().get("Test-Contract").equals("Outer")) {
      Function<Told.Relay, String> ask = Told.Relay::tell;
      Told.Outer outer = asking(stamp, tracking(context, Told.Relay.class), ask)::get;
      context.registerService(Told.Outer.class, outer, null);
    } else {
      Function<Clock, String> ask = Clock::version;
      Told.Relay relay = asking(stamp, tracking(context, Clock.class), ask)::get;
      context.registerService(Told.Relay.class, relay, null);
    }
  }

  private <S> ServiceTracker<S, S> tracking(BundleContext context, Class<S> contract) {
    ServiceTracker<S, S> services = new ServiceTracker<>(context, contract, null);
    services.open();
    tracker = services;
    return services;
  }

  private <S> Supplier<String> asking(
      String stamp, ServiceTracker<S, S> services, Function<S, String> ask) {
    return () -> {
      if (stopped) {
        throw new IllegalStateException("called after its stop: " + stamp);
      }
      return stamp + " " + ask.apply(service(services, stamp));
    };
  }

  private static <S> S service(ServiceTracker<S, S> services, String stamp) {
    try {
      S service = services.waitForService(LIMIT);
      if (service == null) {
        throw new IllegalStateException(stamp + " finds nobody to ask");
      }
      return service;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stamp + " was interrupted", e);
    }
  }

  @Override
  public void stop(BundleContext context) {
    stopped = true;
    tracker.close();
  }
}
