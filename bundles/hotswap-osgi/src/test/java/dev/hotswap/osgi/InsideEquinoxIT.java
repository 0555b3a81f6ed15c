package dev.hotswap.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.osgi.launch.EquinoxFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Hotswap as bundles of an Equinox that somebody else has launched, with properties of its own: the
 * jars that are published. Their classes are not those of this test, which goes by reflection.
 */
@Timeout(60)
class InsideEquinoxIT {
  private static final String SWAPPER = "dev.hotswap.api.Swapper";
  private static final String GREETER = "dev.hotswap.osgi.contract.Greeter";

  @TempDir Path folder;
  private Framework framework;

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(20_000);
  }

  private BundleContext launch(Map<String, String> more) throws BundleException {
    Map<String, String> properties =
        new HashMap<>(
            Map.of(
                Constants.FRAMEWORK_STORAGE,
                folder.resolve("cache").toString(),
                "hotswap.contracts",
                GREETER,
                "osgi.framework.useSystemProperties",
                "false"));
    properties.putAll(more);
    framework = new EquinoxFactory().newFramework(properties);
    framework.start();
    return framework.getBundleContext();
  }

  private Bundle install(BundleContext context) throws BundleException {
    List<Bundle> bundles = new ArrayList<>();
    for (Path jar : published()) {
      bundles.add(context.installBundle(jar.toUri().toString()));
    }
    for (Bundle bundle : bundles) {
      bundle.start();
    }
    return bundles.get(bundles.size() - 1);
  }

  /** ASM, api, core and, last, osgi, which this module has just made. */
  private static List<Path> published() {
    List<Path> jars = onTheClassPath("asm", "hotswap-api", "hotswap-core");
    File[] own = new File("target").listFiles((dir, name) -> name.matches("hotswap-osgi-.*\\.jar"));
    jars.add(Arrays.stream(own).findAny().orElseThrow().toPath().toAbsolutePath());
    return jars;
  }

  private static List<Path> onTheClassPath(String... names) {
    List<Path> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.matches(".*/(" + String.join("|", names) + ")-[0-9][^/]*\\.jar")) {
        jars.add(Path.of(entry));
      }
    }
    assertThat(jars).hasSameSizeAs(names);
    return jars;
  }

  @Test
  void watchFolderAndCommandsAreBundlesBesideIt() throws Exception {
    Path watched = Files.createDirectory(folder.resolve("watched"));
    BundleContext context = launch(Map.of("hotswap.watch", watched.toString()));
    install(context);
    installContract(context);
    List<Bundle> more = new ArrayList<>();
    for (Path jar :
        onTheClassPath("org.apache.felix.gogo.runtime", "hotswap-watch", "hotswap-gogo")) {
      more.add(context.installBundle(jar.toUri().toString()));
    }
    for (Bundle bundle : more) {
      bundle.start();
    }
    Files.move(FixtureJar.greeter("3.0.0").in(folder), watched.resolve("greeter.jar"));

    await().until(() -> reference(context, GREETER) != null);
    assertThat(versionOf(context.getService(reference(context, GREETER)))).isEqualTo("3.0.0");
    assertThat(execute(context, "hotswap:list")).contains("greeter", "3.0.0");
    assertThat(execute(context, "hotswap:unload greeter")).contains("greeter");
    await().until(() -> reference(context, GREETER) == null);
  }

  /** What Gogo prints. */
  private static String execute(BundleContext context, String line) throws Exception {
    Object processor =
        context.getService(reference(context, "org.apache.felix.service.command.CommandProcessor"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Object session =
        processor
            .getClass()
            .getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
            .invoke(processor, InputStream.nullInputStream(), out, out);
    session.getClass().getMethod("execute", CharSequence.class).invoke(session, line);
    session.getClass().getMethod("close").invoke(session);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void servesWhenTheContractIsThereAndRemembersWhatRan() throws Exception {
    BundleContext context = launch(Map.of());
    install(context);
    assertThat(reference(context, SWAPPER)).as("before the contract").isNull();
    installContract(context);

    swap(awaitSwapper(context), FixtureJar.greeter("1.0.0"));
    ServiceReference<?> greeter = reference(context, GREETER);
    assertThat(versionOf(context.getService(greeter))).isEqualTo("1.0.0");
    // of one name and version: the framework asks a hook whether it may stand beside the other
    swap(awaitSwapper(context), FixtureJar.greeter("1.0.0").header("Other-Bytes", "yes"));
    swap(awaitSwapper(context), FixtureJar.greeter("2.0.0"));
    assertThat(versionOf(context.getService(greeter))).as("the same service").isEqualTo("2.0.0");

    framework.stop();
    framework.waitForStop(20_000);
    BundleContext again = launch(Map.of());
    awaitSwapper(again);
    assertThat(versionOf(again.getService(reference(again, GREETER)))).isEqualTo("2.0.0");
  }

  @Test
  void stopTakesThePluginsAway() throws Exception {
    BundleContext context = launch(Map.of());
    Bundle own = install(context);
    installContract(context);
    swap(awaitSwapper(context), FixtureJar.greeter("1.0.0"));
    own.stop();
    assertThat(context.getBundles()).extracting(Bundle::getSymbolicName).doesNotContain("greeter");
    assertThat(reference(context, SWAPPER)).isNull();
  }

  @Test
  void frameworkThatAllowsNoTwoOfOneNameIsRefusedWithTheRemedy() throws Exception {
    BundleContext context =
        launch(Map.of(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_SINGLE));
    assertThatThrownBy(() -> install(context))
        .hasRootCauseMessage(
            "this framework was launched with org.osgi.framework.bsnversion=single, so that a"
                + " generation could not be installed beside another of its name and version;"
                + " nothing was opened. Launch it with managed, which is the default, or with"
                + " multiple.");
  }

  @Test
  void settingThatCannotBeReadIsNamed() throws Exception {
    BundleContext context = launch(Map.of("hotswap.drain.deadline", "soon"));
    assertThatThrownBy(() -> install(context))
        .rootCause()
        .hasMessageContaining("drain.deadline=soon is no time; write it like");
  }

  private void installContract(BundleContext context) throws Exception {
    Bundle contract = context.installBundle(FixtureJar.contract().in(folder).toUri().toString());
    assertThat(framework.adapt(FrameworkWiring.class).resolveBundles(List.of(contract))).isTrue();
  }

  private static Object awaitSwapper(BundleContext context) throws Exception {
    await().until(() -> reference(context, SWAPPER) != null);
    return context.getService(reference(context, SWAPPER));
  }

  /** As an ordinary bundle finds it; whoever's class it is, since that is wired to none. */
  private static ServiceReference<?> reference(BundleContext context, String name)
      throws InvalidSyntaxException {
    BundleContext ordinary = context.getBundle(1).getBundleContext();
    ServiceReference<?>[] all = ordinary.getAllServiceReferences(name, null);
    return all == null ? null : all[0];
  }

  private void swap(Object swapper, FixtureJar jar) throws Exception {
    Class<?> type =
        Arrays.stream(swapper.getClass().getInterfaces())
            .filter(name -> name.getName().equals(SWAPPER))
            .findAny()
            .orElseThrow();
    Path[] files = {jar.in(folder)};
    type.getMethod("swap", Path[].class).invoke(swapper, (Object) files);
  }

  private static Object versionOf(Object greeter) throws Exception {
    for (Class<?> type : greeter.getClass().getInterfaces()) {
      if (type.getName().equals(GREETER)) {
        return type.getMethod("version").invoke(greeter);
      }
    }
    throw new AssertionError("no greeter: " + greeter);
  }
}
