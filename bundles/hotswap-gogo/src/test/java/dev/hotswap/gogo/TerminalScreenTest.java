package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a command finds whose session ends while it draws. */
@Timeout(20)
class TerminalScreenTest {
  @Test
  void terminalThatIsClosedHasTheUsualSizeAndNobodyBeforeIt() throws Exception {
    LineDisciplineTerminal terminal = terminal();
    terminal.setSize(new Size(120, 50));
    Screen screen = TerminalScreen.of(session(terminal)).orElseThrow();
    assertThat(screen.width()).isEqualTo(120);
    assertThat(screen.height()).isEqualTo(50);

    terminal.close();

    assertThat(screen.width()).isEqualTo(80);
    assertThat(screen.height()).isEqualTo(24);
    assertThat(screen.awaitKey(Duration.ofSeconds(10))).as("a key, or nobody").isTrue();
    screen.close();
  }

  @Test
  void commandThatWaitsForAKeyCanCloseItsScreenAfterTheTerminal() throws Exception {
    LineDisciplineTerminal terminal = terminal();
    Screen screen = TerminalScreen.of(session(terminal)).orElseThrow();
    assertThat(screen.awaitKey(Duration.ofMillis(1))).isFalse();

    terminal.close();

    screen.close();
  }

  private static LineDisciplineTerminal terminal() throws Exception {
    return new LineDisciplineTerminal(
        "test", "xterm", new ByteArrayOutputStream(), StandardCharsets.UTF_8);
  }

  private static CommandSession session(Terminal terminal) {
    return (CommandSession)
        Proxy.newProxyInstance(
            CommandSession.class.getClassLoader(),
            new Class<?>[] {CommandSession.class},
            (proxy, method, arguments) ->
                method.getName().equals("get") && TerminalScreen.VARIABLE.equals(arguments[0])
                    ? terminal
                    : null);
  }
}
