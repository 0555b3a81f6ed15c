package dev.hotswap.gogo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Services that come and go together. For one thread. */
final class Offers implements AutoCloseable {
  private final BundleContext context;
  private final List<ServiceRegistration<?>> services = new ArrayList<>();
  private final List<Runnable> ends = new ArrayList<>();

  Offers(BundleContext context) {
    this.context = context;
  }

  /** An object whose methods of these names are commands of a scope. */
  void commands(String scope, Object object, Iterable<String> names) {
    List<String> functions = new ArrayList<>();
    names.forEach(functions::add);
    service(
        Object.class,
        object,
        Map.of(
            CommandProcessor.COMMAND_SCOPE,
            scope,
            CommandProcessor.COMMAND_FUNCTION,
            functions.toArray(new String[0])));
  }

  <S> void service(Class<S> type, S service, Map<String, Object> properties) {
    services.add(context.registerService(type, service, FrameworkUtil.asDictionary(properties)));
  }

  /** What is to be done when they are gone. */
  void atEnd(Runnable end) {
    ends.add(end);
  }

  @Override
  public void close() {
    services.forEach(ServiceRegistration::unregister);
    ends.forEach(Runnable::run);
  }
}
