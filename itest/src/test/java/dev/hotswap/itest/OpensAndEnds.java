package dev.hotswap.itest;

import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** Run as a process: opens a host on the data folder with the files, and is gone as if killed. */
final class OpensAndEnds {
  private OpensAndEnds() {}

  public static void main(String[] arguments) {
    Hosts.builder()
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
