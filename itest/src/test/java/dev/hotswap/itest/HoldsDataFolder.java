package dev.hotswap.itest;

import dev.hotswap.host.Host;
import java.nio.file.Path;
import java.time.Duration;

/** Run as a process: has a host on the data folder until its standard input ends. */
final class HoldsDataFolder {
  private HoldsDataFolder() {}

  public static void main(String[] arguments) throws Exception {
    try (Host host = Hosts.builder().standby(Duration.ZERO).data(Path.of(arguments[0])).open()) {
      System.out.println("open");
      System.in.read();
    }
  }
}
