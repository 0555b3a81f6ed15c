package dev.hotswap.itest.zoo;

import java.lang.reflect.Proxy;
import java.sql.Driver;
import java.sql.DriverManager;
import org.osgi.framework.BundleContext;

/** Deregisters its driver in stop. */
public class DeregisteredDriver extends Tame {
  private final Driver driver =
      (Driver)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Driver.class},
              (proxy, method, arguments) ->
                  method.getName().equals("equals") ? proxy == arguments[0] : null);

  @Override
  public Object act() throws Exception {
    DriverManager.registerDriver(driver);
    return null;
  }

  @Override
  public void stop(BundleContext context) throws Exception {
    DriverManager.deregisterDriver(driver);
  }
}
