package dev.hotswap.itest;

import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Run as a process: opens a host on the data folder, swaps the files in, and is gone as if killed.
 */
final class OpensAndEnds {
  private OpensAndEnds() {}

  public static void main(String[] arguments) {
    Host host =
        Hosts.builder()
            .standby(Duration.ZERO)
            .share(Greeter.class, Clock.class)
            .data(Path.of(arguments[0]))
            .open();
    for (int i = 1; i < arguments.length; i++) {
      host.swap(Path.of(arguments[i]));
    }
    System.out.println("done");
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
