package dev.hotswap.itest.plugins;

import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Desk;
import dev.hotswap.itest.contract.Greeter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.util.tracker.ServiceTracker;

/** The head of a chain of components: holds one greeter in each of the ways that OSGi has. */
public class DeskComponent implements Desk, ServiceListener {
  // of the class, that is of the generation: each activation has an object of its own
  private static final AtomicInteger ACTIVATIONS = new AtomicInteger();
  private static final List<String> FAREWELLS = new CopyOnWriteArrayList<>();

  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile Greeter reference;
  private volatile Greeter kept;
  private volatile ServiceTracker<Greeter, Greeter> tracker;

  public void setGreeter(Greeter given) {
    reference = given;
  }

  public void unsetGreeter(Greeter given) {
    reference = null;
  }

  public void activate(BundleContext context) throws InvalidSyntaxException {
    ACTIVATIONS.incrementAndGet();
    kept = context.getService(context.getServiceReference(Greeter.class));
    tracker = new ServiceTracker<>(context, Greeter.class, null);
    tracker.open();
    context.addServiceListener(
        this,
        "(|(objectClass="
            + Greeter.class.getName()
            + ")(objectClass="
            + Clock.class.getName()
            + "))");
  }

  public void deactivate(BundleContext context) {
    context.removeServiceListener(this);
    FAREWELLS.add(reference.version());
    tracker.close();
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    Object[] names = (Object[]) event.getServiceReference().getProperty(Constants.OBJECTCLASS);
    events.add(event.getType() + " " + names[0]);
  }

  @Override
  public String greet(String how) throws Exception {
    return switch (how) {
      case "reference" -> reference.version();
      case "tracker" -> tracker.getService().version();
      case "kept" -> kept.version();
      default -> reference.fail();
    };
  }

  @Override
  public int activations() {
    return ACTIVATIONS.get();
  }

  @Override
  public List<String> farewells() {
    return List.copyOf(FAREWELLS);
  }

  @Override
  public List<String> events() {
    return List.copyOf(events);
  }
}
