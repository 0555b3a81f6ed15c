package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door for SSH, where it cannot be opened; SshIT has the rest. */
@Timeout(30)
class SshDoorTest {
  @TempDir Path data;

  @Test
  void doorOnAPortThatIsTakenLeavesNoThread() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Path keys = Files.createFile(data.resolve("keys"));
    try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
      SshDoor.Settings settings =
          new SshDoor.Settings(loopback.getHostAddress(), taken.getLocalPort(), keys);
      assertThatThrownBy(() -> SshDoor.open(settings, data, data.resolve("socket")))
          .isInstanceOf(IOException.class);
    }
    while (hasThreads() && !Thread.currentThread().isInterrupted()) { // as the timeout does
      Thread.onSpinWait(); // they end by themselves, soon
    }
    assertThat(hasThreads()).isFalse();
  }

  /** The thread of a group of channels has no name of its own: it is known by where it waits. */
  private static boolean hasThreads() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().matches("sun\\.nio\\.ch\\.\\w+Port\\$.*"));
  }
}
