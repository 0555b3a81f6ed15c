package dev.hotswap.examples.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import dev.hotswap.api.Swapper;
import dev.hotswap.examples.rules.Answer;
import dev.hotswap.examples.rules.Rules;
import dev.hotswap.host.Host;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code GET /evaluate/7} on the loopback address: the score of 7, and which object of which
 * version of the rules says so. 400 for what is no number, 503 while no rules are deployed.
 */
public final class RulesService implements AutoCloseable {
  private static final String PATH = "/evaluate/";
  private static final int THREADS = 8;

  private final Host host;
  private final Handle<Rules> rules;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final HttpServer server;

  /**
   * @param host shares {@link Rules}; closed with this
   * @param port 0 for a free one
   */
  public RulesService(Host host, int port) throws IOException {
    this.host = host;
    this.rules = host.handle(Rules.class);
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(PATH, this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** For whoever deploys rules. */
  public Swapper swapper() {
    return host;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange, exchange.getRequestURI().getPath().substring(PATH.length()));
    }
  }

  private void answer(HttpExchange exchange, String input) throws IOException {
    try {
      int number = Integer.parseInt(input);
      Answer answer = rules.with(current -> current.answer(number)); // all of it from one version
      send(exchange, 200, answer.verdict().score() + " " + answer.verdict().stamp());
    } catch (NumberFormatException e) {
      send(exchange, 400, "a whole number, please");
    } catch (NoGenerationException e) {
      send(exchange, 503, e.getMessage());
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Answers the requests that it has begun with, for a second at most, then closes the host. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    host.close();
  }
}
