package dev.hotswap.gogo;

import dev.hotswap.api.Leaks;
import dev.hotswap.api.Quarantine;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.ReceiptFormat;
import dev.hotswap.api.Swapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * The shell over one {@link Swapper}: the commands for Gogo; where JLine is there conversations,
 * for as long as Gogo's runtime is; and the socket, where the framework's property {@value #SOCKET}
 * asks for it.
 */
final class Shell implements AutoCloseable {
  /** Whether other terminals are let in, by a socket in the data folder. */
  static final String SOCKET = "hotswap.shell.socket";

  /** The port on which terminals of other machines are let in by SSH; nobody is without one. */
  static final String SSH_PORT = "hotswap.shell.ssh.port";

  /** The address of this machine for that; loopback where there is none. */
  static final String SSH_ADDRESS = "hotswap.shell.ssh.address";

  /** The file with the public keys of those who are let in. */
  static final String SSH_KEYS = "hotswap.shell.ssh.authorized.keys";

  /** The property of a Swapper's service that says where its host keeps its files. */
  static final String DATA = "hotswap.data";

  /** The property of the service that is the shell on the terminal of this process. */
  static final String CONSOLE = "hotswap.console";

  private final BundleContext context;
  private final Commands commands;
  private final Completion completion;
  private final Offers offers;
  private Optional<ServiceTracker<CommandProcessor, Offers>> processors = Optional.empty();
  private Optional<ShellSocket> socket = Optional.empty();
  private Optional<AutoCloseable> door = Optional.empty();
  private volatile Connection.Talk talk = Shell::noTalk;

  private Shell(BundleContext context, Swapper swapper) {
    this.context = context;
    this.commands =
        new Commands(swapper, this::write, new InsideFramework(context), this::leaks, this::cases);
    this.completion = new Completion(commands, swapper);
    this.offers = new Offers(context);
  }

  static Shell open(BundleContext context, ServiceReference<Swapper> found) {
    Shell shell = new Shell(context, context.getService(found));
    shell.offer();
    if (found.getProperty(DATA) instanceof String data) {
      shell.listen(Path.of(data));
    }
    return shell;
  }

  private void offer() {
    boolean talks = Talks.arePossible();
    Function<CommandSession, Optional<Screen>> screens =
        talks ? Talks.screens() : session -> Optional.empty();
    offers.commands("hotswap", new HotswapCommands(commands, screens), commands.names());
    if (talks) {
      ServiceTracker<CommandProcessor, Offers> tracker =
          new ServiceTracker<>(context, CommandProcessor.class, new Processors());
      processors = Optional.of(tracker);
      tracker.open();
    }
  }

  /** Gogo's runtime may be started after this bundle, and stopped before it. */
  private final class Processors implements ServiceTrackerCustomizer<CommandProcessor, Offers> {
    @Override
    public Offers addingService(ServiceReference<CommandProcessor> found) {
      Offers more = new Offers(context);
      Talks talks = new Talks(context.getService(found), completion);
      talks.functions().forEach((object, names) -> more.commands("gogo", object, names));
      more.commands("hotswap", talks.help(commands), Talks.HELP);
      more.service(Converter.class, Talks.converter(context), Map.of());
      LocalTalk local = talks.local();
      more.service(Runnable.class, local, Map.of(CONSOLE, true));
      more.atEnd(local::end);
      talk = talks.remote();
      return more;
    }

    @Override
    public void modifiedService(ServiceReference<CommandProcessor> found, Offers more) {
      // it is the same
    }

    @Override
    public void removedService(ServiceReference<CommandProcessor> gone, Offers more) {
      talk = Shell::noTalk;
      more.close();
      context.ungetService(gone);
    }
  }

  /** A host without it can be operated from its own terminal, and its callers do not mind. */
  private void listen(Path data) {
    if (Boolean.parseBoolean(context.getProperty(SOCKET))) {
      try {
        socket =
            Optional.of(
                ShellSocket.open(
                    data,
                    frames -> new Connection(frames, commands, (ask, to) -> talk.with(ask, to))));
        openDoor(data, socket.get().path());
      } catch (IOException | UnsupportedOperationException e) {
        Log.warn("event=no-shell-socket data=" + data + " reason=" + e);
      }
    }
  }

  private void openDoor(Path data, Path to) {
    String port = context.getProperty(SSH_PORT);
    if (port == null || port.isEmpty()) {
      return;
    }
    try {
      SshDoor.Settings settings =
          new SshDoor.Settings(
              Optional.ofNullable(context.getProperty(SSH_ADDRESS)).orElse("127.0.0.1"),
              Integer.parseInt(port),
              Path.of(context.getProperty(SSH_KEYS)));
      SshDoor opened = SshDoor.open(settings, data, to);
      door = Optional.of(opened);
      Log.info("event=ssh address=" + settings.address() + " port=" + opened.port());
    } catch (IOException | RuntimeException | NoClassDefFoundError e) {
      Log.warn("event=no-ssh port=" + port + " reason=" + e);
    }
  }

  private static void shut(AutoCloseable door) {
    try {
      door.close();
    } catch (Exception e) {
      Log.warn("event=ssh-not-closed reason=" + e);
    }
  }

  private String write(Receipt receipt) {
    ServiceReference<ReceiptFormat> found = context.getServiceReference(ReceiptFormat.class);
    if (found == null) {
      throw new UsageException("this host has no form for receipts; leave --json out");
    }
    return context.getService(found).write(receipt);
  }

  private Optional<Leaks> leaks() {
    return Optional.ofNullable(context.getServiceReference(Leaks.class)).map(context::getService);
  }

  /** Of every watch folder there is. */
  private List<Quarantine.Case> cases() {
    List<Quarantine.Case> cases = new ArrayList<>();
    try {
      for (ServiceReference<Quarantine> found :
          context.getServiceReferences(Quarantine.class, null)) {
        Optional.ofNullable(context.getService(found))
            .ifPresent(quarantine -> cases.addAll(quarantine.cases()));
        context.ungetService(found);
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
    return cases;
  }

  private static int noTalk(Ask ask, Frames frames) throws IOException {
    String text = "this host has no line editing; ask for one command at a time\n";
    frames.send(Frame.of(Frame.Kind.ERROR, text));
    return Command.NOT_UNDERSTOOD;
  }

  @Override
  public void close() {
    door.ifPresent(Shell::shut);
    socket.ifPresent(ShellSocket::close);
    processors.ifPresent(ServiceTracker::close);
    offers.close();
  }
}
