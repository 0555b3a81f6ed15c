package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shell of a running host by SSH: for those with a key, where a port is named, and not else.
 */
@Tag("felix") // the one that the launcher has
@Timeout(120)
class SshIT {
  private static final Path APP =
      Path.of(System.getProperty("itest.root"), "host", "target", "app");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final SshClient client = SshClient.setUpDefaultClient();
  private final KeyPair known = key();
  private Process host;
  private int port;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectory(folder.resolve("config"));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    client.start();
  }

  @AfterEach
  void stop() throws Exception {
    client.stop();
    host.destroy();
    assertThat(host.waitFor()).as("ended by the signal").isEqualTo(128 + 15);
  }

  private static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void openWithAPort() throws Exception {
    Path config = folder.resolve("config");
    Files.writeString(
        config.resolve("keys"), PublicKeyEntry.toString(known.getPublic()) + " somebody\n");
    Files.writeString(
        config.resolve("shell.properties"), "ssh.port=" + port + "\nssh.authorized.keys=keys\n");
    open();
  }

  private void open() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Dhotswap.home=" + APP, "-Dhotswap.data=" + folder.resolve("data")));
    command.addAll(List.of("-cp", APP.resolve("lib") + "/*", "dev.hotswap.launcher.Main"));
    command.addAll(List.of("--no-shell", "--config", folder.resolve("config").toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("HOTSWAP_DATA");
    host = builder.start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.startsWith("ready: ")) {
        return;
      }
    }
    throw new AssertionError("the host ended: " + said);
  }

  private ClientSession session() throws IOException {
    return client.connect("operator", "127.0.0.1", port).verify(LIMIT.toMillis()).getSession();
  }

  private record Said(int status, String out) {}

  private Said ask(String line) throws Exception {
    try (ClientSession session = session()) {
      session.addPublicKeyIdentity(known);
      session.auth().verify(LIMIT.toMillis());
      try (ClientChannel channel = session.createExecChannel(line)) {
        return end(channel);
      }
    }
  }

  private static Said end(ClientChannel channel) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    channel.setOut(out);
    channel.setErr(out);
    channel.open().verify(LIMIT.toMillis());
    channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LIMIT);
    return new Said(channel.getExitStatus(), out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whoHasAKeyHasTheCommandsTheirWordsAndTheirStatus() throws Exception {
    openWithAPort();

    assertThat(ask("list").status()).isZero();
    assertThat(ask("rollback 'no such'")).isEqualTo(ask("rollback \"no such\""));
    assertThat(ask("rollback nothing").status()).isEqualTo(1);
    assertThat(ask("rollback nothing").out()).contains("nothing").doesNotContain("\u001b");
    assertThat(ask("nonsense").status()).isEqualTo(2);
    assertThat(Files.getPosixFilePermissions(folder.resolve("data/ssh")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void conversationIsHeldOnTheTerminalOfTheOtherMachine() throws Exception {
    openWithAPort();
    try (ClientSession session = session()) {
      session.addPublicKeyIdentity(known);
      session.auth().verify(LIMIT.toMillis());
      try (ClientChannel channel = session.createShellChannel()) {
        channel.setIn(
            new ByteArrayInputStream("hotswap:list\rexit\r".getBytes(StandardCharsets.UTF_8)));
        Said said = end(channel);
        assertThat(said.status()).isZero();
        assertThat(said.out()).contains("hotswap:list").contains("\u001b");
      }
    }
  }

  @Test
  void nobodyElseComesIn() throws Exception {
    openWithAPort();
    try (ClientSession session = session()) {
      session.addPublicKeyIdentity(key());
      assertThatThrownBy(() -> session.auth().verify(LIMIT.toMillis()))
          .isInstanceOf(SshException.class);
    }
    try (ClientSession session = session()) {
      session.addPasswordIdentity("operator");
      session.addPasswordIdentity("admin");
      assertThatThrownBy(() -> session.auth().verify(LIMIT.toMillis()))
          .isInstanceOf(SshException.class);
    }
    assertThatThrownBy(() -> new Socket("127.0.0.2", port).close())
        .as("another address of this machine")
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void thereIsNoDoorUnlessAPortIsNamed() throws Exception {
    open();

    assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
        .isInstanceOf(ConnectException.class);
    assertThat(folder.resolve("data/ssh")).doesNotExist();
  }
}
