package dev.hotswap.itest.embedded;

import dev.hotswap.api.Handle;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;

/**
 * Run as a process, in each of the ways in which a Java program may be put together: calls the
 * plugins that are named to it, one after the other, through a handle and through its proxy.
 */
public final class Embedder {
  private Embedder() {}

  public static void main(String[] plugins) {
    System.out.println("embedded in " + Embedder.class.getModule());
    try (Host host = Host.builder().share(Greeter.class).open()) {
      Handle<Greeter> greeter = host.handle(Greeter.class);
      for (String plugin : plugins) {
        host.swap(Path.of(plugin));
        System.out.println("handle " + greeter.with(Greeter::version));
        System.out.println("proxy " + greeter.proxy().version());
      }
    }
    System.out.println("done");
  }
}
