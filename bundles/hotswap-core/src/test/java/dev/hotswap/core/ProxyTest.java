package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hotswap.api.Calls;
import dev.hotswap.api.Handle;
import dev.hotswap.api.NoGenerationException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every way in which a proxy answers; {@link ReflectedProxyTest} asks the same of the other kind.
 */
class ProxyTest {
  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "desk");
  private final Handle<Desk> handle = world.handle(Desk.class);
  private final Desk proxy = proxyOf(handle);
  private Binding<Desk> binding;

  /** A contract with a method of every kind. */
  interface Desk {
    String ask(String question) throws IOException;

    int add(int left, int right);

    void fail(Throwable thrown) throws Throwable;

    default String askTwice(String question) throws IOException {
      return ask(question) + " " + ask(question);
    }
  }

  /** A contract that is a class. */
  static class Clerk {
    String ask() {
      return "answered";
    }
  }

  /** Answers with its name. */
  static class NamedDesk implements Desk {
    private final String name;

    NamedDesk(String name) {
      this.name = name;
    }

    @Override
    public String ask(String question) {
      return name + " " + question;
    }

    @Override
    public int add(int left, int right) {
      return left + right;
    }

    @Override
    public void fail(Throwable thrown) throws Throwable {
      throw thrown;
    }

    @Override
    public boolean equals(Object other) {
      return true;
    }

    @Override
    public int hashCode() {
      return 42;
    }

    @Override
    public String toString() {
      return "the plugin's own";
    }
  }

  /** Says it in its own way. */
  static final class TerseDesk extends NamedDesk {
    TerseDesk() {
      super("terse");
    }

    @Override
    public String askTwice(String question) {
      return "once is enough";
    }
  }

  <S> S proxyOf(Handle<S> of) {
    return of.proxy();
  }

  @BeforeEach
  void publishFirstGeneration() {
    binding = plugin.publish(Desk.class, new NamedDesk("first"));
  }

  @Test
  void proxyIsTheSameEachTime() {
    assertThat(handle.proxy()).isSameAs(handle.proxy());
  }

  @Test
  void methodCallIsACallOfTheService() throws Exception {
    assertThat(proxy.ask("who?")).isEqualTo("first who?");
    assertThat(proxy.add(2, 3)).isEqualTo(5);
    assertThat(binding.calls()).isEqualTo(new Calls(2, 2, 0));
  }

  @Test
  void defaultMethodIsOneCallOfTheService() throws Exception {
    assertThat(proxy.askTwice("who?")).isEqualTo("first who? first who?");
    assertThat(binding.calls()).isEqualTo(new Calls(1, 1, 0));
  }

  @Test
  void defaultMethodThatThePluginOverridesIsThePlugins() throws Exception {
    plugin.publish(Desk.class, new TerseDesk());

    assertThat(proxy.askTwice("who?")).isEqualTo("once is enough");
  }

  @Test
  void keptProxyReachesTheNewGeneration() throws Exception {
    proxy.ask("who?");

    plugin.publish(Desk.class, new NamedDesk("second"));

    assertThat(proxy.ask("who?")).isEqualTo("second who?");
    assertThat(FakePlugin.drains(binding)).isTrue();
  }

  @Test
  void checkedExceptionPassesThroughUnwrapped() {
    assertPassesThrough(new IOException("the plugin's own"));
  }

  @Test
  void uncheckedExceptionPassesThroughUnwrapped() {
    assertPassesThrough(new ArithmeticException("the plugin's own"));
  }

  @Test
  void errorPassesThroughUnwrapped() {
    assertPassesThrough(new LinkageError("the plugin's own"));
  }

  @Test
  void throwableOfNoUsualKindPassesThroughUnwrapped() {
    assertPassesThrough(new Throwable("the plugin's own"));
  }

  @Test
  void exceptionInTheOwnersLaneEndsItsCallToo() {
    proxy.add(2, 3);

    assertThat(catchThrowable(() -> proxy.fail(new IOException()))).isInstanceOf(IOException.class);

    plugin.unload();
    assertThat(binding.isDrained()).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(2, 1, 1));
  }

  @Test
  void callFromInsideACallIsACallOfItsOwn() {
    proxy.add(2, 3);

    handle.use(
        outer -> {
          proxy.add(2, 3);
          plugin.unload();
          assertThat(binding.isDrained()).isFalse();
        });

    assertThat(binding.isDrained()).isTrue();
    assertThat(binding.calls()).isEqualTo(new Calls(3, 3, 0));
  }

  @Test
  void nothingCurrentFailsTheCallAsItDoesWithTheHandle() {
    plugin.unload();

    assertThat(catchThrowable(() -> proxy.add(2, 3))).isInstanceOf(NoGenerationException.class);
  }

  @Test
  void callInFlightKeepsTheDrainFromEnding() {
    NamedDesk unloadsItself =
        new NamedDesk("second") {
          @Override
          public int add(int left, int right) {
            Binding<?> own = plugin.current().bindings().get(0);
            plugin.unload();
            return own.isDrained() ? 0 : left + right;
          }
        };
    plugin.publish(Desk.class, unloadsItself);

    assertThat(proxy.add(2, 3)).isEqualTo(5);
  }

  @Test
  void equalityIsTheProxysOwn() {
    assertThat(proxy.equals(proxy)).isTrue();
    assertThat(proxy.equals(new NamedDesk("first"))).isFalse();
    assertThat(proxy.equals(null)).isFalse();
    assertThat(proxy.hashCode()).isEqualTo(System.identityHashCode(proxy));
    assertThat(proxy).hasToString("proxy of " + Desk.class.getName());
    assertThat(binding.calls()).isEqualTo(Calls.NONE);
  }

  @Test
  void contractThatIsAClassHasNoProxy() {
    Handle<Clerk> clerk = world.handle(Clerk.class);

    assertThatIllegalStateException()
        .isThrownBy(clerk::proxy)
        .withMessageContaining(Clerk.class.getName());
  }

  @Test
  void contractThatIsAClassIsCalledThroughItsHandle() {
    Handle<Clerk> clerk = world.handle(Clerk.class);
    plugin.publish(Clerk.class, new Clerk());

    assertThat(clerk.<String, RuntimeException>with(Clerk::ask)).isEqualTo("answered");
  }

  private void assertPassesThrough(Throwable thrown) {
    assertThat(catchThrowable(() -> proxy.fail(thrown))).isSameAs(thrown);
    assertThat(binding.calls()).isEqualTo(new Calls(1, 0, 1));
  }
}
