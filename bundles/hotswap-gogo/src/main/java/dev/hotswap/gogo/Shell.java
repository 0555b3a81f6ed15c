package dev.hotswap.gogo;

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
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * The shell over one {@link Swapper}: the commands for Gogo; where JLine and Gogo's runtime are
 * there conversations; and the socket, where the framework's property {@value #SOCKET} asks for it.
 */
final class Shell implements AutoCloseable {
  /** Whether other terminals are let in, by a socket in the data folder. */
  static final String SOCKET = "hotswap.shell.socket";

  /** The property of a Swapper's service that says where its host keeps its files. */
  static final String DATA = "hotswap.data";

  /** The property of the service that is the shell on the terminal of this process. */
  static final String CONSOLE = "hotswap.console";

  private final BundleContext context;
  private final List<ServiceRegistration<?>> services = new ArrayList<>();
  private Optional<ShellSocket> socket = Optional.empty();
  private Connection.Talk talk = Shell::noTalk;

  private Shell(BundleContext context) {
    this.context = context;
  }

  /**
   * @throws IllegalStateException when there is to be a socket, and there cannot be
   */
  static Shell open(BundleContext context, ServiceReference<Swapper> found) {
    Shell shell = new Shell(context);
    Swapper swapper = context.getService(found);
    Commands commands =
        new Commands(swapper, shell::write, new InsideFramework(context), shell::cases);
    shell.offer(commands);
    ServiceReference<CommandProcessor> processor =
        context.getServiceReference(CommandProcessor.class);
    if (processor != null && Talks.arePossible()) {
      Completion completion = new Completion(commands, swapper);
      shell.offer(new Talks(context.getService(processor), completion));
    }
    shell.listen(found, commands);
    return shell;
  }

  private void offer(Commands commands) {
    Function<CommandSession, Optional<Screen>> screens =
        Talks.arePossible() ? Talks.screens() : session -> Optional.empty();
    commands("hotswap", new HotswapCommands(commands, screens), commands.names());
  }

  private void offer(Talks talks) {
    talks.functions().forEach((object, names) -> commands("gogo", object, names));
    register(Converter.class, Talks.converter(context), Map.of());
    register(Runnable.class, talks.local(), Map.of(CONSOLE, true));
    talk = talks.remote();
  }

  private void commands(String scope, Object object, Iterable<String> names) {
    List<String> functions = new ArrayList<>();
    names.forEach(functions::add);
    register(
        Object.class,
        object,
        Map.of(
            CommandProcessor.COMMAND_SCOPE,
            scope,
            CommandProcessor.COMMAND_FUNCTION,
            functions.toArray(new String[0])));
  }

  private <S> void register(Class<S> type, S service, Map<String, Object> properties) {
    services.add(context.registerService(type, service, FrameworkUtil.asDictionary(properties)));
  }

  private void listen(ServiceReference<Swapper> found, Commands commands) {
    if (Boolean.parseBoolean(context.getProperty(SOCKET))
        && found.getProperty(DATA) instanceof String data) {
      try {
        socket =
            Optional.of(
                ShellSocket.open(Path.of(data), frames -> new Connection(frames, commands, talk)));
      } catch (IOException e) {
        close();
        throw new IllegalStateException("no other terminal can be let in: " + e.getMessage(), e);
      }
    }
  }

  private String write(Receipt receipt) {
    ServiceReference<ReceiptFormat> found = context.getServiceReference(ReceiptFormat.class);
    if (found == null) {
      throw new UsageException("this host has no form for receipts; leave --json out");
    }
    return context.getService(found).write(receipt);
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
    socket.ifPresent(ShellSocket::close);
    services.forEach(ServiceRegistration::unregister);
  }
}
