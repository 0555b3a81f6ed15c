package dev.hotswap.itest;

import static dev.hotswap.itest.ShellClient.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hotswap.itest.ShellClient.Ended;
import dev.hotswap.itest.contract.Greeter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shell of a host that runs as a process of its own, from other processes: one command at a
 * time, and by conversations, on a pseudoterminal that {@code script} gives and in pipes.
 */
@Tag("felix") // the one that is packaged
@Timeout(120)
@TestMethodOrder(MethodOrderer.MethodName.class) // none depends on another; they share the host
class ShellIT {
  private static final String ESCAPE = "\u001b";
  private static final String ENTER = "\r";
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";

  @TempDir static Path folder;
  private static Path data;
  private static Path config;
  private static Terminal host;
  private static final List<Process> STARTED = new ArrayList<>();

  @BeforeAll
  static void startAHost() throws Exception {
    data = folder.resolve("data");
    config = Files.createDirectory(folder.resolve("config"));
    Path contract =
        PluginJar.named("contract", "1.0.0")
            .without("Import-Package")
            .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.2.0\"")
            .type(Greeter.class.getName())
            .in(folder);
    Files.writeString(
        config.resolve("bundles.properties"),
        "base=" + contract + "\ncontracts=" + Greeter.class.getName() + "\n");
    Files.writeString(config.resolve("host.properties"), "start.limit=10min\n"); // if not given up
    PluginJar.greeter("1.0.0").in(folder);
    PluginJar.greeter("2.0.0").in(folder);
    PluginJar.greeter("3.0.0")
        .header("Import-Package", "org.osgi.framework,com.acme.missing")
        .in(folder);
    host = new Terminal(run(data));
    host.await("ready: ");
    assertThat(ask("swap", "greeter-1.0.0.jar").status()).isZero();
  }

  @AfterEach
  void endWhatIsLeft() {
    STARTED.stream().filter(process -> process != host.process).forEach(ShellIT::end);
  }

  @AfterAll
  static void endTheHost() throws Exception {
    host.process.destroy();
    boolean hasEnded = host.process.waitFor(30, TimeUnit.SECONDS);
    STARTED.forEach(ShellIT::end);
    assertThat(hasEnded).isTrue();
    assertThat(host.text())
        .as("what the host logs, also of what was asked for in a Gogo session")
        .contains("[pipe-swap greeter-3.0.0.jar] events event=refused")
        .doesNotContain("event=no-stand-in", "Exception in", "\tat ");
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static Process run(Path folderOfData, String... words) throws IOException {
    return start(ShellClient.host(config, folderOfData, words));
  }

  private static Process start(List<String> command) throws IOException {
    Process process = ShellClient.process(folder, command).redirectErrorStream(true).start();
    STARTED.add(process);
    return process;
  }

  private static Ended ask(String... words) throws Exception {
    return askWith("", client(data, false, words));
  }

  private static Ended shell(String lines) throws Exception {
    return askWith(lines, client(data, false, "shell"));
  }

  private static Ended askWith(String input, List<String> command) throws Exception {
    return ShellClient.run(folder, input, command);
  }

  /** A process whose output is read as it comes. */
  private static final class Terminal {
    private static final long LIMIT_SECONDS = 30;

    private final Process process;
    private final StringBuilder text = new StringBuilder(); // guarded by this

    Terminal(Process process) {
      this.process = process;
      Thread reader = new Thread(this::read, "terminal");
      reader.setDaemon(true);
      reader.start();
    }

    /** A client; with 100 columns and 30 lines. */
    static Terminal of(String... words) throws IOException {
      return onAPseudoterminal(client(data, true, words));
    }

    static Terminal onAPseudoterminal(List<String> command) throws IOException {
      // who runs the tests in the background has them inherit that Ctrl-C is ignored
      String line =
          "stty cols 100 rows 30; exec env --default-signal=INT '"
              + String.join("' '", command)
              + "'";
      return new Terminal(start(List.of("script", "-qec", line, "/dev/null")));
    }

    private void read() {
      byte[] bytes = new byte[8192];
      try (InputStream in = process.getInputStream()) {
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
          synchronized (this) {
            text.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
            notifyAll();
          }
        }
      } catch (IOException e) {
        return; // ended
      }
    }

    synchronized String text() {
      return text.toString();
    }

    synchronized void await(String part) throws InterruptedException {
      await(part, 1);
    }

    synchronized void await(String part, int times) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (count(part) < times && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
      }
      assertThat(count(part))
          .as("%s times '%s' in: %s", times, part, text)
          .isGreaterThanOrEqualTo(times);
    }

    private int count(String part) {
      return text.toString().split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    void type(String keys) throws IOException {
      process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    int status() throws InterruptedException {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(text()).isTrue();
      return process.exitValue();
    }
  }

  @Test
  void commandsPrintTheirAnswerAndExitAsTheyWent() throws Exception {
    Ended list = ask("list");
    assertThat(list.status()).isZero();
    assertThat(list.output()).startsWith("PLUGIN").contains("greeter").doesNotContain(ESCAPE);
    assertThat(ask("list", "--json").output())
        .startsWith("{\"schema\":\"hotswap-list/1\"")
        .contains("\"plugin\":\"greeter\"");

    Ended refused = ask("swap", "greeter-3.0.0.jar", "--why", "a trial");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).isEmpty();
    assertThat(refused.errors())
        .startsWith("refused greeter 3.0.0: nothing exports com.acme.missing")
        .contains("stays current", "then swap again.")
        .hasLineCount(1)
        .doesNotContain(ESCAPE);
    assertThat(ask("refused").output()).contains("a trial", "com.acme.missing");

    Ended senseless = ask("swap", "greeter-1.0.0.jar", "--drain", "25000h");
    assertThat(senseless.status()).isEqualTo(2);
    assertThat(senseless.errors()).contains("must be from 0 ms to 24000 h").hasLineCount(1);
    assertThat(ask("receipt", "x").status()).isEqualTo(2);
  }

  @Test
  void receiptAsJsonIsTheOneOfTheApi() throws Exception {
    Ended receipt = ask("receipt", "1", "--json");
    assertThat(receipt.status()).isZero();
    assertThat(receipt.output()).startsWith("{\"schema\":\"hotswap-receipt/1\"").hasLineCount(1);
  }

  @Test
  void withoutAHostThereIsOneSentenceAndTwo() throws Exception {
    Ended nobody = askWith("", client(folder.resolve("nobody"), false, "list"));
    assertThat(nobody.status()).isEqualTo(2);
    assertThat(nobody.output()).isEmpty();
    assertThat(nobody.errors())
        .startsWith("hotswap: no host runs with the data folder ")
        .contains("hotswap run --data")
        .hasLineCount(1);

    Ended nothing = ask("--data", data.toString());
    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.errors()).startsWith("hotswap: there is no command").hasLineCount(1);
  }

  @Test
  void pagesNeedNoHost() throws Exception {
    Ended page = askWith("", client(folder.resolve("nobody"), false, "swap", "--help"));
    assertThat(page.status()).isZero();
    assertThat(page.output()).startsWith("swap - brings").contains("EXIT STATUS");
    assertThat(askWith("", client(folder.resolve("nobody"), false, "frob", "--help")).status())
        .isEqualTo(2);
  }

  @Test
  void scriptItsUsageAndThePageKnowEveryCommand() throws Exception {
    String said = ask("frobnicate").errors(); // there are list, show ...
    String[] names = said.trim().split("there are ")[1].split(", ");
    assertThat(names).contains("list", "swap", "top");
    Path root = Path.of(System.getProperty("itest.root"));
    String script = Files.readString(root.resolve("hotswap"));
    String usage =
        Files.readString(
            root.resolve("examples/app/src/main/resources/dev/hotswap/examples/app/usage.txt"));
    String page = Files.readString(root.resolve("docs/shell.md"));
    for (String name : names) {
      assertThat(script).containsPattern("(?m)(\\||^) *" + name + "( \\||\\))");
      assertThat(usage).containsPattern("[ ,]" + name + "[,.]");
      assertThat(page).contains("./hotswap " + name);
    }
  }

  @Test
  void hostOfSomebodyElseIsNotTakenForNone() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>();
    boolean isRoot = System.getProperty("user.name").equals("root");
    Path shell = data.resolve("shell");
    if (isRoot) {
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    } else {
      Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("---------"));
    }
    command.addAll(client(data, false, "list"));
    Ended denied = askWith("", command);
    if (!isRoot) {
      Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwx------"));
    }
    assertThat(denied.status()).isEqualTo(2);
    assertThat(denied.errors())
        .contains("lets in only the user that it runs as, " + System.getProperty("user.name"))
        .hasLineCount(1);
  }

  @Test
  void linesOfAPipeAreExecutedUpToTheFirstThatFails() throws Exception {
    Ended well = shell("list\nexit\nswap greeter-3.0.0.jar\n");
    assertThat(well.status()).isZero();
    assertThat(well.output()).contains("greeter").doesNotContain(ESCAPE);
    Ended refused = shell("swap greeter-3.0.0.jar\nlist\n");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).isEmpty();
    assertThat(refused.errors()).startsWith("refused greeter 3.0.0");
    assertThat(shell("frobnicate\nlist\n").status()).isEqualTo(2);
    assertThat(shell("lb\n").output()).contains("|Active", "greeter");
  }

  @Test
  void terminalsHaveColoursAndPipesHaveNone() throws Exception {
    Terminal terminal = Terminal.of("show", "greeter");
    assertThat(terminal.status()).isZero();
    assertThat(terminal.text()).contains(ESCAPE + "[32mcurrent" + ESCAPE + "[0m");
    assertThat(ask("show", "greeter").output()).contains("current").doesNotContain(ESCAPE);
  }

  @Test
  void watchAndTopGoOnUntilAKey() throws Exception {
    Terminal watch = Terminal.of("watch");
    watch.await("any key ends this");
    ask("swap", "greeter-3.0.0.jar");
    watch.await("refused greeter 3.0.0");
    watch.type("q");
    assertThat(watch.status()).isZero();

    Terminal top = Terminal.of("top");
    top.await("CALLS/S");
    top.type("q");
    assertThat(top.status()).isZero();
    assertThat(top.text()).contains(ESCAPE + "[?1049h").endsWith(ESCAPE + "[?1049l");
    assertThat(ask("top").output()).contains("CALLS/S").doesNotContain(ESCAPE);
  }

  @Test
  void shellCompletesInterruptsAndLeavesTheHostRunning() throws Exception {
    Terminal shell = Terminal.of("shell");
    shell.await("hotswap> ");
    shell.type("sho\tgree\t" + ENTER);
    shell.await("wires out");
    shell.await("hotswap> ", 2);
    shell.type("help felix:upd\t" + ENTER);
    shell.await("update - update bundle");
    shell.await("hotswap> ", 3);
    shell.type("watch" + ENTER);
    shell.await("any key ends this");
    shell.type(CTRL_C);
    shell.await("hotswap> ", 4);
    shell.type("lb" + ENTER);
    shell.await("START LEVEL");
    shell.await("hotswap> ", 5);
    shell.type("exit" + ENTER);
    assertThat(shell.status()).isZero();

    Terminal again = Terminal.of("shell");
    again.await("hotswap> ");
    again.type(CTRL_D);
    assertThat(again.status()).isZero();
    assertThat(ask("list").status()).isZero();
  }

  @Test
  void whoeverIsCutOffLeavesNothingBehind() throws Exception {
    Terminal watch = Terminal.of("watch");
    watch.await("any key ends this");
    end(watch.process);
    Process piped = start(client(data, false, "shell"));
    piped.getOutputStream().write("watch\n".getBytes(StandardCharsets.UTF_8));
    piped.getOutputStream().close();
    Terminal seen = new Terminal(piped);
    while (!seen.text().contains("refused greeter 3.0.0")) {
      ask("swap", "greeter-3.0.0.jar"); // it does not say when it begins to watch
    }
    end(piped);
    await().until(() -> !threadsOfTheHost().contains("\"hotswap-shell-"));
    assertThat(ask("swap", "greeter-2.0.0.jar").status()).isZero();
    assertThat(ask("rollback", "greeter").status()).isZero();
  }

  /** Comes up for as long as the start limit allows. */
  private static void makeAHangingGreeter() {
    PluginJar.named("greeter", "4.0.0").activator("HangingActivator").in(folder);
  }

  private static boolean isComingUp() throws Exception {
    return ask("list").output().contains("4.0.0");
  }

  @Test
  void controlCGivesASwapUpBeforeItsPublish() throws Exception {
    makeAHangingGreeter();
    Terminal swap = Terminal.of("swap", "greeter-4.0.0.jar");
    await().until(ShellIT::isComingUp);
    swap.type(CTRL_C);
    assertThat(swap.status()).isEqualTo(130);
    assertThat(swap.text())
        .contains(
            "refused greeter 4.0.0: who asked for it was interrupted before it was published");
    await().until(() -> !isComingUp());
    assertThat(ask("list").output()).contains("greeter").contains("current");
  }

  @Test
  void swapOfAClientThatIsKilledIsGivenUpAndSoIsWhatALineOfAPipeAskedFor() throws Exception {
    makeAHangingGreeter();
    Process one = start(client(data, false, "swap", "greeter-4.0.0.jar"));
    await().until(ShellIT::isComingUp);
    end(one);
    await().until(() -> !isComingUp());

    Process piped = start(client(data, false, "shell"));
    piped.getOutputStream().write("swap greeter-4.0.0.jar\n".getBytes(StandardCharsets.UTF_8));
    piped.getOutputStream().close();
    await().until(ShellIT::isComingUp);
    end(piped);
    await().until(() -> !isComingUp());

    Terminal shell = Terminal.of("shell");
    shell.await("hotswap> ");
    shell.type("swap greeter-4.0.0.jar" + ENTER);
    await().until(ShellIT::isComingUp);
    end(shell.process);
    await().until(() -> !isComingUp());
    assertThat(ask("refused").output()).contains("interrupted before it was published");
    await().until(() -> !threadsOfTheHost().contains("\"hotswap-shell-"));
  }

  private static String threadsOfTheHost() throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = String.valueOf(host.process.pid());
    Ended threads = askWith("", List.of(jcmd, pid, "Thread.print"));
    assertThat(threads.output()).contains("\"hotswap-shell\"");
    return threads.output();
  }

  @Test
  void hostThatCannotWatchItsFolderSaysSoInOneSentence() throws Exception {
    Path file = Files.createFile(folder.resolve("no-folder"));
    Terminal other = new Terminal(run(folder.resolve("other"), "--watch", file.toString()));
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.text())
        .contains("the folder " + file + " cannot be watched")
        .doesNotContain("\tat ");
  }

  /** As at a terminal: the shell follows the line that says it is ready. */
  private static Terminal hostWithAShell(Path folderOfData) throws IOException {
    List<String> command = new ArrayList<>(ShellClient.host(config, folderOfData));
    command.remove("--no-shell");
    command.add(1, "-Dhotswap.terminal=true");
    return Terminal.onAPseudoterminal(command);
  }

  @Test
  void hostAtATerminalGoesOnWithoutItsShellUntilControlC() throws Exception {
    Path own = folder.resolve("at-a-terminal");
    Terminal other = hostWithAShell(own);
    other.await("hotswap> ");
    other.type("swap greeter-1.0.0.jar" + ENTER);
    other.await("has the record");
    other.await("hotswap> ", 2);
    other.type("exit" + ENTER);
    other.await("the shell has ended, the host goes on");
    assertThat(askWith("", client(own, false, "list")).status()).isZero();
    assertThat(other.text()).as("the log is a file").doesNotContain("event=");
    assertThat(own.resolve("hotswap.log")).content().contains("event=published");
    other.type(CTRL_C);
    assertThat(other.status()).isEqualTo(128 + 2);
  }

  @Test
  void hostAtATerminalEndsWhenItsFrameworkIsStopped() throws Exception {
    Path own = folder.resolve("stopped");
    Terminal other = hostWithAShell(own);
    other.await("hotswap> ");
    Terminal attached = Terminal.onAPseudoterminal(client(own, true, "shell"));
    attached.await("hotswap> ");
    other.type("stop 0" + ENTER);
    assertThat(other.status()).isZero();
    assertThat(other.text()).doesNotContain("the host goes on", "Exception");
    assertThat(attached.status()).isEqualTo(2);
    assertThat(attached.text()).contains("the host has gone").doesNotContain("Exception");
  }

  @Test
  void hostInADeepFolderRunsAndIsReached() throws Exception {
    Path deep = folder.resolve("x".repeat(70)).resolve("y".repeat(70));
    Terminal other = new Terminal(run(deep));
    other.await("ready: ");
    assertThat(askWith("", client(deep, false, "list")).output()).startsWith("no plugins");
    other.process.destroy();
    assertThat(other.status()).isEqualTo(128 + 15);
  }
}
