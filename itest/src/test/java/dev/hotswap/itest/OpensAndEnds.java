package dev.hotswap.itest;

import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Run as a process: opens a host on the data folder with the files, which watches the folder that
 * {@code itest.watch} names, and is gone as if killed.
 */
final class OpensAndEnds {
  private OpensAndEnds() {}

  public static void main(String[] arguments) {
    Host.Builder builder = Hosts.builder();
    Optional.ofNullable(System.getProperty("itest.watch")).map(Path::of).ifPresent(builder::watch);
    builder
        .standby(Duration.ZERO)
        .share(Greeter.class, Clock.class)
        .data(Path.of(arguments[0]))
        .plugins(Stream.of(arguments).skip(1).map(Path::of).toArray(Path[]::new))
        .open();
    System.out.println("done");
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
