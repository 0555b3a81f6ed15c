package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Generation;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Plan.Kind;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Board;
import dev.hotswap.itest.contract.Greeter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;

/** A plan says what the swap will do, and does nothing. */
@Timeout(60)
class PlanIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int WIDTH = 80;

  @TempDir Path folder;
  @TempDir Path data;
  private Host host;

  @BeforeEach
  void open() {
    Path base = PluginJar.named("never", "1.0.0").in(folder);
    host =
        Hosts.builder()
            .data(data.resolve("host"))
            .standby(Duration.ZERO)
            .share(Greeter.class)
            .base(base)
            .startLimit(Duration.ofSeconds(5))
            .open();
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void newPluginAndThenANewGenerationOfIt() {
    Path first = PluginJar.greeter("1.0.0").in(folder);
    assertThat(told(host.plan(first))).containsExactly("new greeter 1.0.0");
    host.swap(first);
    Plan plan = host.plan(PluginJar.greeter("2.0.0").in(folder));
    assertThat(told(plan)).containsExactly("swap greeter 2.0.0 replaces generation 1 (1.0.0)");
    assertThat(plan.members().get(0).because())
        .isEqualTo("asked for: " + plan.members().get(0).sha256().substring(0, 12));
  }

  @Test
  void theVeryBytesThatAreCurrentChangeNothing() {
    Path jar = PluginJar.greeter("1.0.0").in(folder);
    host.swap(jar);
    Plan plan = host.plan(jar);
    assertThat(told(plan)).containsExactly("same greeter 1.0.0 replaces generation 1 (1.0.0)");
    assertThat(plan.toString()).startsWith("plan: 0 generations change");
  }

  @Test
  void libraryTakesThoseAlongThatAreWiredToItAndNamesTheWire() {
    deployChain();
    Plan plan = host.plan(LibraryJar.library("base", "1.1.0").in(folder));
    assertThat(told(plan))
        .containsExactly(
            "library base 1.1.0 replaces generation 1 (1.0.0)",
            "restage left 1.0.0 replaces generation 1 (1.0.0)",
            "restage top 1.0.0 replaces generation 1 (1.0.0)");
    assertThat(plan.members())
        .extracting(Plan.Member::because)
        .element(1)
        .isEqualTo("wired to base by package dev.hotswap.itest.lib.base [1,2)");
    assertThat(plan.members())
        .extracting(Plan.Member::because)
        .element(2)
        .isEqualTo("wired to left by package dev.hotswap.itest.lib.left");
    assertThat(plan.isFeasible()).isTrue();
    isDoneAsPlanned(plan, folder.resolve("base-1.1.0.jar"));
  }

  /** It has to offer a service, and to answer. */
  @ParameterizedTest
  @CsvSource({
    "osgi.component, new",
    "osgi.blueprint, new",
    "osgi.serviceloader.processor, library"
  })
  void whoseCodeAnExtenderStartsIsNoLibrary(String extender, String kind) {
    Path provider =
        PluginJar.named("extender", "1.0.0")
            .without("Import-Package")
            .header("Provide-Capability", "osgi.extender;osgi.extender=\"" + extender + '"')
            .header("Export-Package", "acme.extender")
            .in(folder);
    Path jar =
        LibraryJar.library("base", "1.0.0")
            .header(
                "Require-Capability", "osgi.extender;filter:=\"(osgi.extender=" + extender + ")\"")
            .in(folder);
    Plan plan = host.plan(provider, jar);
    assertThat(plan.isFeasible()).as(plan.toString()).isTrue();
    assertThat(told(plan)).contains(kind + " base 1.0.0");
  }

  @Test
  void currentBytesOfWhatIsTakenAlongAnywayAreNamedOnce() {
    deployChain();
    Path left = folder.resolve("left-1.0.0.jar");
    Path base = LibraryJar.library("base", "1.1.0").in(folder);
    Plan plan = host.plan(left, base);
    assertThat(told(plan))
        .containsExactly(
            "library base 1.1.0 replaces generation 1 (1.0.0)",
            "restage left 1.0.0 replaces generation 1 (1.0.0)",
            "restage top 1.0.0 replaces generation 1 (1.0.0)");
    isDoneAsPlanned(plan, left, base);
    host.unload("left");
    host.unload("top");
    host.unload("base");
  }

  @Test
  void whoExcludesTheNewVersionStaysAndTheRangeSaysWhy() {
    deployChain();
    Plan plan = host.plan(LibraryJar.library("base", "2.0.0").in(folder));
    assertThat(told(plan)).containsExactly("library base 2.0.0 replaces generation 1 (1.0.0)");
    assertThat(plan.stays())
        .extracting(stay -> stay.generation().plugin() + ": " + stay.because())
        .containsExactly(
            "left: needs package dev.hotswap.itest.lib.base [1,2) of base, which the new one does"
                + " not provide");
    isDoneAsPlanned(plan, folder.resolve("base-2.0.0.jar"));
  }

  @Test
  void whoLosesOneOfTwoLibrariesStaysOnBoth() {
    host.swap(LibraryJar.library("base", "1.0.0").in(folder));
    host.swap(LibraryJar.library("left", "1.0.0", "base").in(folder));
    host.swap(LibraryJar.plugin("top", "1.0.0", "left [1,2)", "base").in(folder));
    Path[] set = {
      LibraryJar.library("base", "2.0.0").in(folder),
      LibraryJar.library("left", "2.0.0", "base").in(folder)
    };
    Plan plan = host.plan(set);
    assertThat(plan.members()).extracting(Plan.Member::plugin).containsExactly("base", "left");
    assertThat(plan.stays()).extracting(stay -> stay.generation().plugin()).containsExactly("top");
    isDoneAsPlanned(plan, set);
    assertThat(host.handle(Greeter.class).with(Greeter::version))
        .isEqualTo("1.0.0: left 1.0.0 on base 1.0.0, base 1.0.0");
  }

  @Test
  void planSaysWhatRunsTwiceMeanwhileAndOtherwiseWhyNot() {
    String twice = "runs twice until the last call on what it replaces has ended";
    deployChain();
    String said = text(host.plan(LibraryJar.library("base", "1.1.0").in(folder)));
    assertThat(said.split(twice, -1)).hasSize(4); // the library, and the two that are wired to it
    Path greeter = PluginJar.greeter("1.0.0").in(folder);
    assertThat(text(host.plan(greeter))).doesNotContain(twice);
    host.swap(greeter);
    assertThat(text(host.plan(greeter))).doesNotContain(twice);
    Path alone =
        PluginJar.greeter("2.0.0")
            .header("Provide-Capability", "dev.hotswap.exclusive;resource=\"the port\"")
            .in(folder);
    assertThat(text(host.plan(alone)))
        .startsWith("plan: 1 generation changes, one after the other")
        .contains("callers are held until it has started: it has to itself: the port")
        .doesNotContain(twice);
  }

  @Test
  void planSaysWhyCallersAreHeldForASingleton() {
    String singleton = "greeter;singleton:=true";
    String why = "callers are held until it has started: it is declared singleton:=true";
    Path alone =
        PluginJar.greeter("1.0.0")
            .header("Bundle-SymbolicName", singleton)
            .as(folder.resolve("alone.jar"));
    assertThat(text(host.plan(alone))).as("nobody is there yet").doesNotContain("held");
    host.swap(alone);
    Path next =
        PluginJar.greeter("2.0.0")
            .header("Bundle-SymbolicName", singleton)
            .as(folder.resolve("next.jar"));

    Plan plan = host.plan(next);

    assertThat(text(plan)).startsWith("plan: 1 generation changes, one after the other");
    assertThat(text(plan)).contains(why);
    assertThat(host.swap(next).receipt().plan()).contains(plan);
  }

  /** As far as manifests tell, and they need not tell all: it is said, not refused. */
  @Test
  void contractThatTheManifestDoesNotDeclareIsSaid() {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    String contract = Greeter.class.getName();
    String words = "its manifest does not declare " + contract;
    assertThat(text(host.plan(declaring("acme.Other").in(folder)))).contains(words);
    assertThat(text(host.plan(declaring("acme.Other," + contract).in(folder))))
        .doesNotContain("does not declare");
    assertThat(text(host.plan(PluginJar.greeter("2.0.0").in(folder))))
        .doesNotContain("does not declare");
    Path other = declaring("acme.Other").in(folder);
    assertThat(host.plan(other).isFeasible()).isTrue();
    assertThat(host.plan(other).members().get(0).undeclared()).containsExactly(contract);
    host.swap(other);
    assertThat(host.handle(Greeter.class).with(Greeter::version)).isEqualTo("2.0.0");
  }

  /** Who has declared it before goes by his declarations: that is certain enough to refuse. */
  @Test
  void contractThatTheManifestDeclaresNoMoreIsForeseenWhereCallersUseIt() {
    String contract = Greeter.class.getName();
    host.swap(declaring(contract + ",acme.Other").header("Bundle-Version", "1.0.0").in(folder));
    Path without = declaring("acme.Other").in(folder);
    assertThat(host.plan(without).isFeasible()).as("nobody has asked for it").isTrue();
    Handle<Greeter> greeter = host.handle(Greeter.class);
    Refusal foreseen = theRefusal(host.plan(without));
    assertThat(foreseen.message())
        .isEqualTo(
            "refused greeter 2.0.0: callers use "
                + contract
                + ", which the manifest of the current generation declares and its own does not:"
                + " it declares acme.Other; generation 1 (1.0.0) stays current. Register the"
                + " contract's service at start and declare it, or remove all declarations of"
                + " services (Provide-Capability: osgi.service), then swap again.");
    List<String> seen = new CopyOnWriteArrayList<>();
    host.bundleContext()
        .addBundleListener(
            (SynchronousBundleListener) event -> seen.add("bundle event " + event.getType()));
    assertThat(refusal(() -> host.swap(without))).isEqualTo(foreseen);
    assertThat(refusal(() -> host.stage(without))).isEqualTo(foreseen);
    assertThat(seen).isEmpty();
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0");
    host.swap(PluginJar.greeter("2.0.0").in(folder)); // declares nothing, which says nothing
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0");
  }

  /** What has been updated has another manifest than the one that was swapped in. */
  @Test
  void contractThatAnUpdatedGenerationDeclaredOnceIsOnlyNoted() throws Exception {
    String contract = Greeter.class.getName();
    host.swap(declaring(contract).header("Bundle-Version", "1.0.0").in(folder));
    host.handle(Greeter.class)
        .use(
            greeter ->
                FrameworkUtil.getBundle(greeter.getClass())
                    .update(new ByteArrayInputStream(PluginJar.greeter("1.5.0").bytes())));
    assertThat(host.plan(declaring("acme.Other").in(folder)).isFeasible()).isTrue();
  }

  private static Refusal refusal(ThrowingCallable call) {
    SwapRefusedException thrown = catchThrowableOfType(SwapRefusedException.class, call);
    assertThat(thrown).as("nothing was refused").isNotNull();
    return thrown.refusal();
  }

  private static PluginJar declaring(String contracts) {
    return PluginJar.greeter("2.0.0")
        .header(
            "Provide-Capability",
            "osgi.service;objectClass:List<String>=\"" + contracts + "\";effective:=active");
  }

  /** What is printed, as if on one line. */
  private static String text(Plan plan) {
    List<String> lines = plan.toString().lines().toList();
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(WIDTH));
    return plan.toString().replaceAll("\\s+", " ");
  }

  @Test
  void fragmentTakesItsHostAlong() {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Path fragment = fragment("1.0.0").in(folder);
    Plan plan = host.plan(fragment);
    assertThat(told(plan))
        .containsExactly(
            "restage greeter 1.0.0 replaces generation 1 (1.0.0)", "fragment words 1.0.0");
    assertThat(plan.members().get(0).because()).isEqualTo("its fragment words 1.0.0");
    isDoneAsPlanned(plan, fragment);
    assertThat(told(host.plan(PluginJar.greeter("2.0.0").in(folder))))
        .containsExactly(
            "swap greeter 2.0.0 replaces generation 2 (1.0.0)",
            "restage words 1.0.0 replaces generation 1 (1.0.0)");
  }

  @Test
  void hostThatIsAskedForItselfIsNotTakenAlongByItsFragment() {
    host.swap(PluginJar.greeter("1.0.0").in(folder));
    Path[] set = {fragment("1.0.0").in(folder), PluginJar.greeter("2.0.0").in(folder)};
    Plan plan = host.plan(set);
    assertThat(told(plan))
        .containsExactly(
            "swap greeter 2.0.0 replaces generation 1 (1.0.0)", "fragment words 1.0.0");
    isDoneAsPlanned(plan, set);
  }

  @Test
  void fragmentOfABaseBundleIsRefused() {
    Path jar = fragment("1.0.0").header("Fragment-Host", "never").in(folder);
    assertThat(theRefusal(host.plan(jar)).message())
        .isEqualTo(
            "refused words 1.0.0: its host never was deployed at start and is never swapped;"
                + " nothing has changed. Deploy it by restarting the host with the new file.");
    isRefusedAsPlanned(jar);
  }

  @Test
  void missingPackageIsForeseenByNameAndRange() {
    Path jar = LibraryJar.plugin("top", "1.0.0", "base [1.2,2)").in(folder);
    Refusal refusal = theRefusal(host.plan(jar));
    assertThat(refusal).isInstanceOf(Refusal.Unresolvable.class);
    assertThat(refusal.message())
        .contains("refused top 1.0.0: nothing exports dev.hotswap.itest.lib.base [1.2,2)");
    isRefusedAsPlanned(jar);
  }

  @Test
  void twoFilesOfOnePluginAreForeseen() {
    Path[] set = {PluginJar.greeter("1.0.0").in(folder), PluginJar.greeter("2.0.0").in(folder)};
    Refusal refusal = theRefusal(host.plan(set));
    assertThat(refusal).isInstanceOf(Refusal.ClaimedTwice.class);
    assertThat(refusal.message())
        .contains("refused greeter: greeter 1.0.0 and greeter 2.0.0 are both generations of it");
    isRefusedAsPlanned(set);
  }

  @Test
  void baseBundleIsForeseen() {
    Path jar = PluginJar.named("never", "2.0.0").in(folder);
    assertThat(theRefusal(host.plan(jar)).message())
        .contains("refused never 2.0.0", "1.0.0, was deployed at start and is never swapped");
    isRefusedAsPlanned(jar);
  }

  @Test
  void bundleOfAContractIsForeseen() {
    Path jar =
        PluginJar.named("contracts", "1.3.0")
            .without("Import-Package")
            .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.3.0\"")
            .type(Greeter.class.getName())
            .in(folder);
    assertThat(told(host.plan(jar))).containsExactly("contract contracts 1.3.0");
    Refusal refusal = theRefusal(host.plan(jar));
    assertThat(refusal).isInstanceOf(Refusal.NotSwappable.class);
    assertThat(refusal.message())
        .isEqualTo(
            "refused contracts 1.3.0: it exports dev.hotswap.itest.contract, the package of a"
                + " contract, which callers and plugins share for as long as the host is open;"
                + " nothing has changed. Deploy it by restarting the host with the new file.");
    isRefusedAsPlanned(jar);
  }

  /** A base bundle, one of Karaf's, or somebody's: it is not ours to stop. */
  @Test
  void bundleThatIsNoPluginStaysOnTheOldLibraryAndIsNamed() throws Exception {
    deployChain();
    byte[] bytes =
        PluginJar.named("foreign", "3.0.0")
            .header("Import-Package", "dev.hotswap.itest.lib.base;version=\"[1,2)\"")
            .bytes();
    Bundle foreign =
        host.bundleContext().installBundle("somebody's", new ByteArrayInputStream(bytes));
    foreign.start();
    Path base = LibraryJar.library("base", "1.1.0").in(folder);
    Plan plan = host.plan(base);
    String named = "foreign 3.0.0 [bundle " + foreign.getBundleId() + "]";
    assertThat(plan.outsiders())
        .containsExactly(
            new Plan.Outsider(
                named,
                "wired to base by package dev.hotswap.itest.lib.base [1,2), not managed by"
                    + " Hotswap; keeps the old one"));
    assertThat(text(plan)).contains("stays " + named + " wired to base by package");
    Receipt receipt = host.swap(base).awaitReclaimed(LIMIT);
    assertThat(receipt.plan()).contains(plan);
    assertThat(receipt.change("base").orElseThrow().retirement().orElseThrow().keptBy())
        .containsExactly("foreign 3.0.0");
    assertThat(foreign.getState()).isEqualTo(Bundle.ACTIVE);
    foreign.uninstall();
    assertThat(host.plan(LibraryJar.library("base", "1.2.0").in(folder)).outsiders()).isEmpty();
  }

  @Test
  void versionOfAContractThatCallersDoNotShareIsForeseenWithTheOneThatTheyDo() {
    Path jar =
        PluginJar.greeter("1.0.0")
            .header(
                "Import-Package", "org.osgi.framework,dev.hotswap.itest.contract;version=\"[2,3)\"")
            .in(folder);
    Refusal refusal = theRefusal(host.plan(jar));
    assertThat(refusal).isInstanceOf(Refusal.Unresolvable.class);
    assertThat(refusal.why())
        .isEqualTo(
            "nothing exports dev.hotswap.itest.contract [2,3): callers share version 1.2.0 of it");
    isRefusedAsPlanned(jar);
  }

  /** It would resolve, against itself, and its services would be of a type that nobody calls. */
  @ParameterizedTest
  @ValueSource(strings = {"dev.hotswap.itest.contract;version=\"[2,3)\",", ""})
  void contractThatThePluginCouldOnlyGetFromItselfIsForeseen(String contract) {
    Path jar =
        PluginJar.greeter("1.0.0")
            .header("Import-Package", contract + "org.osgi.framework")
            .header("Export-Package", "dev.hotswap.itest.contract;version=\"2.0.0\"")
            .type(Greeter.class.getName())
            .in(folder);
    List<String> seen = new CopyOnWriteArrayList<>();
    host.bundleContext()
        .addBundleListener(
            (SynchronousBundleListener) event -> seen.add("bundle event " + event.getType()));
    Refusal refusal = theRefusal(host.plan(jar));
    assertThat(refusal).isInstanceOf(Refusal.EmbeddedContract.class);
    isRefusedAsPlanned(jar);
    assertThat(seen).isEmpty();
  }

  @Test
  void copyOfAContractBesideAnImportThatIsSharedIsFine() {
    Path jar =
        PluginJar.greeter("1.0.0")
            .header("Export-Package", "dev.hotswap.itest.contract;version=\"1.2.0\"")
            .type(Greeter.class.getName())
            .in(folder);
    assertThat(host.plan(jar).isFeasible()).isTrue();
    host.swap(jar);
    assertThat(host.handle(Greeter.class).with(Greeter::version)).isEqualTo("1.0.0");
  }

  @Test
  void fileIsNamedAndThePluginsThatAreNotTouchedAreCounted() {
    deployChain();
    Path greeter = PluginJar.greeter("1.0.0").in(folder);
    assertThat(text(host.plan(greeter)))
        .contains("from greeter-1.0.0.jar")
        .endsWith("untouched: 3 plugins");
    host.swap(greeter);
    Plan plan = host.plan(LibraryJar.library("base", "1.1.0").in(folder));
    assertThat(plan.members())
        .extracting(member -> member.file().orElse("none"))
        .containsExactly("base-1.1.0.jar", "none", "none");
    assertThat(text(plan)).endsWith("untouched: 1 plugin");
    Plan stays = host.plan(LibraryJar.library("base", "2.0.0").in(folder));
    assertThat(stays.untouched()).as("but for base, and left, which stays").isEqualTo(2);
  }

  @Test
  void contractThatIsAClassHasNoStandInAndThePlanSaysWhy() {
    String note =
        "no stand-in for dev.hotswap.itest.contract.Board: a class, and only an interface can have"
            + " a proxy";
    host.handle(Board.class);
    PluginJar first = board("1.0.0");
    assertThat(text(host.plan(first.in(folder)))).doesNotContain("no stand-in");
    PluginJar declaring =
        board("1.0.0")
            .header(
                "Provide-Capability",
                "osgi.service;objectClass=\"" + Board.class.getName() + "\";effective:=active");
    assertThat(text(host.plan(declaring.in(folder)))).contains(note);
    host.swap(board("1.0.0").in(folder));
    assertThat(text(host.plan(board("2.0.0").in(folder))))
        .as("the old one offers it")
        .contains(note);
    assertThat(text(host.plan(PluginJar.greeter("1.0.0").in(folder))))
        .doesNotContain("no stand-in");
  }

  private static PluginJar board(String version) {
    return PluginJar.named("board", version).activator("BoardActivator").classes("VersionedBoard");
  }

  @Test
  void swapThatWouldWaitForAPlaceSaysSoAndForWhom() throws Exception {
    Handle<Greeter> greeter = host.handle(Greeter.class);
    List<Lease<Greeter>> leases = new ArrayList<>();
    for (String version : List.of("1.0.0", "2.0.0", "3.0.0", "4.0.0")) {
      assertThat(host.plan(PluginJar.greeter(version).in(folder)).waits()).isEmpty();
      host.swap(PluginJar.greeter(version).in(folder));
      leases.add(greeter.lease());
    }
    Path fifth = PluginJar.greeter("5.0.0").in(folder);
    Plan plan = host.plan(fifth);
    assertThat(plan.isFeasible()).isTrue();
    assertThat(plan.waits())
        .containsExactly(
            new Plan.Wait(
                "greeter",
                4,
                List.of(
                    "1 unnamed on greeter generation 1 (1.0.0)",
                    "1 unnamed on greeter generation 2 (2.0.0)",
                    "1 unnamed on greeter generation 3 (3.0.0)")));
    assertThat(text(plan))
        .contains(
            "waits greeter it has 4 live generations, the most: waits until one leaves; held by 1"
                + " unnamed on greeter generation 1 (1.0.0), 1 unnamed");
    leases.forEach(Lease::close);
    await().atMost(LIMIT).until(() -> host.plan(fifth).waits().isEmpty());
  }

  @Test
  void fileThatIsNoBundleHasNoPlan() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.jar"), "no zip");
    SwapRefusedException thrown =
        catchThrowableOfType(SwapRefusedException.class, () -> host.plan(text));
    assertThat(thrown.refusal()).isInstanceOf(Refusal.UnreadableFile.class);
  }

  @Test
  void planChangesNothing() throws IOException {
    deployChain();
    Path[] set = {
      LibraryJar.library("base", "1.1.0").in(folder),
      folder.resolve("top-1.0.0.jar"),
      PluginJar.greeter("1.0.0").in(folder)
    };
    List<String> seen = new CopyOnWriteArrayList<>();
    BundleContext context = host.bundleContext();
    context.addBundleListener(
        (SynchronousBundleListener) event -> seen.add("bundle event " + event.getType()));
    context.addBundleListener((BundleListener) event -> seen.add("event " + event.getType()));
    context.addServiceListener((ServiceListener) event -> seen.add("service " + event.getType()));
    context.addFrameworkListener(event -> seen.add("framework " + event.getType()));
    host.subscribe(event -> seen.add(event.toString()));
    List<Path> files = files();
    String before = host.snapshot().plugins().toString();
    Plan plan = host.plan(set);
    assertThat(plan.isFeasible()).as(plan.toString()).isTrue();
    assertThat(host.plan(set)).isEqualTo(plan);
    assertThat(seen).isEmpty();
    assertThat(files()).isEqualTo(files);
    assertThat(host.snapshot().plugins()).hasToString(before);
    Receipt receipt = host.swap(set).receipt();
    assertThat(receipt.id()).isEqualTo(4); // the next after the three of the chain
    assertThat(receipt.change("base").orElseThrow().to().orElseThrow().number()).isEqualTo(2);
    assertThat(receipt.change("greeter").orElseThrow().to().orElseThrow().number()).isEqualTo(1);
  }

  @Test
  void refusedPlanLeavesNothingEither() throws IOException {
    List<Path> files = files();
    host.plan(PluginJar.greeter("1.0.0").in(folder), PluginJar.greeter("2.0.0").in(folder));
    Path unresolvable = LibraryJar.plugin("top", "1.0.0", "base").in(folder);
    host.plan(unresolvable);
    assertThat(files()).isEqualTo(files);
    assertThat(catchThrowableOfType(SwapRefusedException.class, () -> host.swap(unresolvable)))
        .isNotNull();
    assertThat(files()).as("after a swap that is refused at its plan").isEqualTo(files);
  }

  @Test
  void printedPlanFitsEightyColumns() {
    String name = "com.example.department.of.very.long.names.for.quite.ordinary.plugins.greeter";
    String longest = name + ".and.its.own.extension.point.registry";
    host.swap(named(longest, "1.0.0"));
    host.swap(LibraryJar.library("base", "1.0.0").in(folder));
    host.swap(LibraryJar.plugin(name, "1.0.0", "base [1,2)").in(folder));
    Plan plan =
        host.plan(
            named(longest, "2.0.0.v2026-11-23-abcdef0123456789"),
            LibraryJar.library("base", "2.0.0").in(folder),
            LibraryJar.plugin("lost", "1.0.0", "upper [1.2,2)").in(folder));
    List<String> lines = plan.toString().lines().toList();
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(WIDTH));
    assertThat(String.join("", lines).replace(" ", ""))
        .contains(longest + "2.0.0.v2026-11-23-abcdef0123456789replacesgeneration1(1.0.0)")
        .contains("stays" + name, "refusedlost1.0.0", "nothingexportsdev.hotswap.itest.lib.upper");
    assertThat(lines.get(0)).isEqualTo("plan: 3 generations change, side by side, in one write");
  }

  private Path named(String name, String version) {
    return PluginJar.greeter(version).header("Bundle-SymbolicName", name).in(folder);
  }

  /** The top imports what left exports, left what base does. */
  private void deployChain() {
    host.swap(LibraryJar.library("base", "1.0.0").in(folder));
    host.swap(LibraryJar.library("left", "1.0.0", "base [1,2)").in(folder));
    host.swap(LibraryJar.plugin("top", "1.0.0", "left").in(folder));
  }

  private static PluginJar fragment(String version) {
    return PluginJar.named("words", version)
        .without("Import-Package")
        .header("Fragment-Host", "greeter")
        .text("words.txt", version);
  }

  private static List<String> told(Plan plan) {
    return plan.members().stream()
        .map(
            member ->
                member.kind().word()
                    + ' '
                    + member.plugin()
                    + ' '
                    + member.version()
                    + member.replaces().map(old -> " replaces " + old.label()).orElse(""))
        .toList();
  }

  private static Refusal theRefusal(Plan plan) {
    assertThat(plan.isFeasible()).isFalse();
    assertThat(plan.refusals()).hasSize(1);
    return plan.refusals().get(0);
  }

  private void isRefusedAsPlanned(Path... set) {
    Refusal foreseen = theRefusal(host.plan(set));
    SwapRefusedException thrown =
        catchThrowableOfType(SwapRefusedException.class, () -> host.swap(set));
    assertThat(thrown).as("the swap was not refused").isNotNull();
    assertThat(thrown.refusal()).isEqualTo(foreseen);
    assertThat(host.snapshot().plugins()).isEmpty();
  }

  private void isDoneAsPlanned(Plan plan, Path... set) {
    Receipt receipt = host.swap(set).receipt();
    assertThat(receipt.changes())
        .extracting(
            change -> change.to().map(Generation::sha256).orElse("") + change.from().isPresent())
        .containsExactlyElementsOf(
            plan.members().stream()
                .map(member -> member.sha256() + member.replaces().isPresent())
                .toList());
    assertThat(plan.members()).noneMatch(member -> member.kind() == Kind.SAME_BYTES);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
