package dev.hotswap.examples.embedded;

import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code Main PORT FOLDER}: serves, with the rules that are dropped into the folder, until the
 * process is ended.
 */
public final class Main {
  private Main() {}

  public static void main(String... arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("usage: Main PORT FOLDER; a release of the rules goes into the folder");
      System.exit(2);
    }
    Path folder = Files.createDirectories(Path.of(arguments[1]));
    Host host = Host.builder().share(Rules.class).watch(folder).open();
    RulesService service = new RulesService(host, Integer.parseInt(arguments[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(service::close, "close-service"));
    System.out.println("serving http://localhost:" + service.port() + "/evaluate/7");
  }
}
