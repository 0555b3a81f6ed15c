package dev.hotswap.gogo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.config.keys.AuthorizedKeysAuthenticator;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.jline.reader.impl.DefaultParser;

/**
 * Lets terminals on other machines in, by SSH: whoever has a key of the file of authorized keys is
 * taken to the host's own socket, and has the same commands there. Public keys only; nothing is
 * forwarded, and there are no files to copy. The host's key is made at the first start, in {@code
 * ssh/} of the data folder.
 */
final class SshDoor implements AutoCloseable {

  /**
   * Where it listens, and whom it lets in.
   *
   * @param address one of this machine's; loopback where nobody names another
   * @param port 0 for any that is free
   * @param authorizedKeys in OpenSSH's form; read again when it changes
   */
  record Settings(String address, int port, Path authorizedKeys) {}

  private final SshServer server;

  private SshDoor(SshServer server) {
    this.server = server;
  }

  /**
   * @param data the host's data folder
   * @param socket the host's own
   * @throws IOException when it cannot listen there, or nobody could come in, with the reason
   */
  static SshDoor open(Settings settings, Path data, Path socket) throws IOException {
    if (!Files.isReadable(settings.authorizedKeys())) {
      throw new IOException(
          "the file of authorized keys, " + settings.authorizedKeys() + ", cannot be read");
    }
    SshServer server = SshServer.setUpDefaultServer();
    try {
      start(server, settings, data, socket);
      return new SshDoor(server);
    } catch (IOException | RuntimeException e) {
      server.close(); // it has threads by now
      throw e;
    }
  }

  private static void start(SshServer server, Settings settings, Path data, Path socket)
      throws IOException {
    server.setHost(settings.address());
    server.setPort(settings.port());
    server.setKeyPairProvider(hostKey(data));
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setPublickeyAuthenticator(new AuthorizedKeysAuthenticator(settings.authorizedKeys()));
    server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    server.setSubsystemFactories(List.of());
    server.setShellFactory(channel -> visit(channel, socket, List.of("shell")));
    server.setCommandFactory((channel, line) -> visit(channel, socket, words(line)));
    server.start();
  }

  private static Command visit(ChannelSession channel, Path socket, List<String> words) {
    return new SshVisit(socket, channel.getSession().getUsername(), words);
  }

  /** As a shell would take them apart, with its quotes. */
  private static List<String> words(String line) {
    return new DefaultParser()
        .parse(line, line.length()).words().stream().filter(word -> !word.isEmpty()).toList();
  }

  private static SimpleGeneratorHostKeyProvider hostKey(Path data) throws IOException {
    Path folder = data.resolve("ssh");
    Files.createDirectories(folder);
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    SimpleGeneratorHostKeyProvider provider =
        new SimpleGeneratorHostKeyProvider(folder.resolve("host.key"));
    provider.setAlgorithm(KeyUtils.EC_ALGORITHM);
    provider.setKeySize(256);
    return provider;
  }

  /** Where it listens now. */
  int port() {
    return server.getPort();
  }

  /** Ends every visit, too. */
  @Override
  public void close() {
    try {
      server.stop(true);
      server.close();
    } catch (IOException e) {
      Log.warn("event=ssh-not-closed reason=" + e);
    }
  }
}
