package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Handle;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Receipt;
import dev.hotswap.host.Host;
import dev.hotswap.itest.contract.Greeter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;

/**
 * A dynamic import is wired when a class of its package is first needed, which may be long after a
 * swap: it must not lead to another generation of a library than the classes from before.
 */
@Timeout(60)
class DynamicImportIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Host host;
  private Handle<Greeter> greeter;

  @BeforeEach
  void open() {
    host = Hosts.builder().share(Greeter.class).standby(Duration.ofMinutes(1)).open();
    greeter = host.handle(Greeter.class);
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void leadsToTheLibraryOfTheOtherImportsAlsoAfterThatHasASuccessor() {
    host.swap(library("1.0.0"), half("base [1,3)"));
    try (Lease<Greeter> old = greeter.lease()) {
      host.swap(library("2.0.0")); // top is brought up once more with it
      assertThat(old.service().version()).isEqualTo("1.0.0: base 1.0.0, left 1.0.0 on base 1.0.0");
    }
    assertThat(greeter.with(Greeter::version))
        .isEqualTo("1.0.0: base 2.0.0, left 2.0.0 on base 2.0.0");
  }

  @Test
  void leadsToTheLibraryOfTheOtherImportsAlsoAfterThatWasUninstalled() throws Exception {
    host.swap(library("1.0.0"), half("base [1,2)"));
    host.swap(library("2.0.0")).awaitReclaimed(LIMIT); // top excludes it, and stays
    host.swap(library("3.0.0")).awaitReclaimed(LIMIT);
    assertThat(greeter.with(Greeter::version))
        .isEqualTo("1.0.0: base 1.0.0, left 1.0.0 on base 1.0.0");
  }

  @Test
  void leadsToWhatWasStagedWithItWhileItDrains() {
    host.swap(library("1.0.0"), dynamic("1.0.0"));
    try (Lease<Greeter> old = greeter.lease()) {
      host.swap(library("2.0.0"), dynamic("2.0.0"));
      assertThat(old.service().version()).isEqualTo("1.0.0: left 1.0.0 on base 1.0.0");
    }
    assertThat(greeter.with(Greeter::version)).isEqualTo("2.0.0: left 2.0.0 on base 2.0.0");
  }

  @Test
  void leadsToTheCurrentLibraryWhereNothingElseWasWiredToTheOneBefore() throws Exception {
    host.swap(library("1.0.0"), dynamic("1.0.0"));
    Receipt receipt = host.swap(library("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(receipt.changes()).hasSize(1); // nobody is wired to it yet
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0: left 2.0.0 on base 2.0.0");
  }

  @Test
  void leadsToTheCurrentLibraryWhereWhatWasStagedWithItIsGone() throws Exception {
    host.swap(library("1.0.0"), dynamic("1.0.0"));
    host.swap(library("2.0.0")).awaitReclaimed(LIMIT);
    host.swap(library("3.0.0")).awaitReclaimed(LIMIT); // the second stands by in the first's place
    try (Lease<Greeter> old = greeter.lease()) {
      host.swap(dynamic("2.0.0"));
      assertThat(old.service().version()).isEqualTo("1.0.0: left 3.0.0 on base 3.0.0");
    }
  }

  @Test
  void leadsToWhatStandsByWithItWhileBothAreStartedAgain() throws Exception {
    host.swap(library("1.0.0"), dynamic("1.0.0"));
    Bundle standing = bundle("top");
    host.swap(library("2.0.0"), dynamic("2.0.0")).awaitReclaimed(LIMIT);
    List<String> loaded = new CopyOnWriteArrayList<>();
    SynchronousBundleListener atItsStart =
        event -> {
          if (event.getType() == BundleEvent.STARTING && event.getBundle() == standing) {
            loaded.add(libraryOf(standing));
          }
        };
    host.bundleContext().addBundleListener(atItsStart);
    host.rollback("top");
    assertThat(loaded).containsExactly("1.0.0");
    assertThat(greeter.with(Greeter::version)).isEqualTo("1.0.0: left 1.0.0 on base 1.0.0");
  }

  @Test
  void leadsToWhatStandsByWithItWhileBothAreStopped() throws Exception {
    host.swap(library("1.0.0"), dynamic("1.0.0"));
    Bundle standing = bundle("top");
    host.swap(library("2.0.0"), dynamic("2.0.0")).awaitReclaimed(LIMIT);
    assertThat(libraryOf(standing)).isEqualTo("1.0.0");
  }

  private static String libraryOf(Bundle bundle) {
    try {
      Class<?> left = bundle.loadClass(LibraryJar.type("left"));
      return FrameworkUtil.getBundle(left).getVersion().toString();
    } catch (ClassNotFoundException e) {
      return "none";
    }
  }

  /** Exports two packages, of which one uses the other. */
  private Path library(String version) {
    String each = ";version=\"" + version + '"';
    return LibraryJar.library("base", version)
        .header(
            "Export-Package",
            "dev.hotswap.itest.lib.base" + each + ",dev.hotswap.itest.lib.left" + each)
        .type(LibraryJar.type("left"))
        .in(folder);
  }

  /** Imports one of the two packages, and the other dynamically. */
  private Path half(String imported) {
    return LibraryJar.plugin("top", "1.0.0", imported)
        .header("Test-Libraries", "base.Base,left.Left")
        .header("DynamicImport-Package", "dev.hotswap.itest.lib.left")
        .in(folder);
  }

  /** Imports nothing of the library but dynamically. */
  private Path dynamic(String version) {
    return LibraryJar.plugin("top", version)
        .header("Test-Libraries", "left.Left")
        .header("DynamicImport-Package", "dev.hotswap.itest.lib.left")
        .in(folder);
  }

  private Bundle bundle(String name) {
    return Stream.of(host.bundleContext().getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }
}
