package dev.hotswap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.core.SwapSettings;
import dev.hotswap.core.VerdictSettings;
import dev.hotswap.leaks.HeapDumpWalk;
import dev.hotswap.leaks.WalkSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFolderTest {
  @TempDir Path folder;

  @Test
  void emptyFolderMeansTheDefaults() {
    HostConfig config = ConfigFolder.read(folder);
    assertThat(config.settings()).isEqualTo(SwapSettings.DEFAULT);
    assertThat(config.data()).isEmpty();
    assertThat(config.startAttempts()).isEqualTo(2);
    assertThat(config.watch()).isEmpty();
    assertThat(config.shared()).isEmpty();
    assertThat(config.base()).isEmpty();
    assertThat(config.plugins()).isEmpty();
    assertThat(config.framework().own()).isEmpty();
    assertThat(config.framework().stopLimit()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void everySettingIsRead() throws IOException {
    write(
        "host.properties",
        "availability=1s\nstart.limit=2s\ndrain.deadline=3s\nstandby=4s\nhistory=5\nstop.limit=7s\n"
            + "lease.tracking=true\non.deadline=reverse\nlive.generations=6\nstart.attempts=7\n"
            + "verdict.after=8s\nverdict.gc=true\nwhy=once\nwhy.folder=dumps\n"
            + "why.keep=true\nwhy.time=9s\nwhy.memory=100\nleftover.threads=interrupt\ndata=work\nwatch=drops");
    write(
        "bundles.properties",
        "share=java.util.List , dev.hotswap.host.Host\nbase=a.jar,b.jar\ncontracts=com.acme.Clock\n"
            + "plugins=../p.jar");
    write("framework.properties", "felix.log.level=2\nds.loglevel=4\norg.osgi.framework.x=y");
    HostConfig config = ConfigFolder.read(folder);
    assertThat(config.settings())
        .isEqualTo(
            new SwapSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                5,
                true,
                DeadlinePolicy.REVERSE,
                6,
                new VerdictSettings(Duration.ofSeconds(8), true, true)));
    assertThat(config.data()).hasValue(folder.resolve("work"));
    assertThat(walk(config, Path.of("elsewhere")))
        .isEqualTo(
            WalkSettings.defaults()
                .withFolder(folder.resolve("dumps"))
                .withKeep(true)
                .withTime(Duration.ofSeconds(9))
                .withMemory(100 << 20));
    assertThat(config.startAttempts()).isEqualTo(7);
    assertThat(config.watch()).hasValue(folder.resolve("drops"));
    assertThat(config.shared()).isEqualTo(java.util.List.of(java.util.List.class, Host.class));
    assertThat(config.contracts()).containsExactly("com.acme.Clock");
    assertThat(config.base()).containsExactly(folder.resolve("a.jar"), folder.resolve("b.jar"));
    assertThat(config.plugins()).containsExactly(folder.resolve("../p.jar"));
    assertThat(config.framework().stopLimit()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.framework().own())
        .containsOnlyKeys("felix.log.level", "ds.loglevel", "org.osgi.framework.x");
  }

  private static WalkSettings walk(HostConfig config, Path data) {
    return ((HeapDumpWalk) config.walk().apply(Optional.of(data))).settings();
  }

  /** A temp folder may be in memory; and it is everybody's. */
  @Test
  void heapsAreDumpedInTheDataFolderUnlessAnotherOneIsNamed() {
    Path data = folder.resolve("work");
    HostConfig config = ConfigFolder.read(folder);
    assertThat(walk(config, data))
        .isEqualTo(WalkSettings.defaults().withFolder(data.resolve("heap")));
    assertThat(((HeapDumpWalk) config.walk().apply(Optional.empty())).settings())
        .isEqualTo(WalkSettings.defaults());
  }

  @ParameterizedTest
  @CsvSource({
    "why.time=0s, a heap walk needs some time",
    "why.memory=15, a heap walk needs at least 16 MB of memory",
    "why.keep=always, why.keep=always is neither true nor false"
  })
  void whatNoWalkCanDoWithStopsTheStart(String line, String words) throws IOException {
    write("host.properties", line);
    fails(folder.resolve("host.properties") + ": " + words);
  }

  @ParameterizedTest
  @CsvSource({"250ms, 250", "250 ms, 250", "3s, 3000", "2min, 120000", "1h, 3600000", "0s, 0"})
  void timesAreANumberAndAUnit(String written, long millis) throws IOException {
    write("host.properties", "availability=" + written);
    assertThat(ConfigFolder.read(folder).settings().availability())
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "-5s",
        "1.5s",
        "5 seconds",
        "5d",
        "99999999999999999999s",
        "9999999h"
      })
  void whatIsNoTimeStopsTheStart(String written) throws IOException {
    write("host.properties", "drain.deadline=" + written);
    fails(
        folder.resolve("host.properties") + ": drain.deadline=" + written,
        "write it like 500 ms, 30s, 10min or 1h");
  }

  @ParameterizedTest
  @CsvSource({
    "history=-1, history is -1; it must be from 0 to 1000",
    "start.attempts=0, start.attempts is 0; it must be from 1 to 1000",
    "live.generations=1, live.generations is 1; it must be from 2 to 1000",
    "start.limit=0s, start.limit is 0 ms; it must be from 1 ms to 24000 h",
    "standby=24001h, standby is 86403600000 ms; it must be from 0 ms to 24000 h",
    "stop.limit=0s, stop.limit is 0 ms; it must be above zero",
    "history=many, history=many is no whole number"
  })
  void valueOutOfItsRangeStopsTheStart(String line, String words) throws IOException {
    write("host.properties", line);
    fails(folder.resolve("host.properties") + ": " + words);
  }

  @Test
  void settingThatStandsThereTwiceStopsTheStart() throws IOException {
    write("host.properties", "history=1\nstandby=1s\nhistory=2");
    fails(folder.resolve("host.properties") + ": the setting history stands there twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "TRUE", "1"})
  void whatIsNeitherTrueNorFalseStopsTheStart(String written) throws IOException {
    write("host.properties", "lease.tracking=" + written);
    fails("lease.tracking=" + written + " is neither true nor false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "always", "ONCE"})
  void whatIsNoAnswerToWhyStopsTheStart(String written) throws IOException {
    write("host.properties", "why=" + written);
    fails("why=" + written + " is none of [never, once]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kill", "REPORT"})
  void whatIsNoPolicyAboutThreadsStopsTheStart(String written) throws IOException {
    write("host.properties", "leftover.threads=" + written);
    fails("leftover.threads=" + written + " is none of [report, interrupt]");
  }

  @Test
  void collectionsWithoutAPauseBetweenThemStopTheStart() throws IOException {
    write("host.properties", "verdict.gc=true\nverdict.after=999ms");
    fails("verdict.gc is true and verdict.after is 999 ms; it must be at least 1000 ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kill", "FORCE"})
  void whatIsNoDeadlinePolicyStopsTheStart(String written) throws IOException {
    write("host.properties", "on.deadline=" + written);
    fails("on.deadline=" + written + " is none of [wait, interrupt, reverse, force]");
  }

  @ParameterizedTest
  @CsvSource({
    "host.properties, availabilty, availability",
    "host.properties, lease.traking, lease.tracking",
    "bundles.properties, plugin, plugins",
    "bundles.properties, bases, base",
  })
  void unknownKeyStopsTheStartAndTheNearestIsNamed(String file, String key, String nearest)
      throws IOException {
    write(file, key + "=1");
    fails(folder.resolve(file).toString(), "no setting " + key, "did you mean " + nearest + "?");
  }

  @Test
  void unknownFrameworkKeyStopsTheStartAndTheBeginningsAreNamed() throws IOException {
    write("framework.properties", "log.level=1");
    fails("no setting log.level", "org.osgi.framework.", "felix.");
  }

  @Test
  void misspeltFileStopsTheStartAndTheNearestIsNamed() throws IOException {
    write("bundle.properties", "plugins=p.jar");
    fails("bundle.properties is no file", "did you mean bundles.properties");
  }

  @Test
  void otherFilesInTheFolderAreLeftAlone() throws IOException {
    write("notes.txt", "plugins=p.jar");
    assertThat(ConfigFolder.read(folder).plugins()).isEmpty();
  }

  @Test
  void missingFolderIsNamed() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> Host.open(absent))
        .isInstanceOf(HostStartException.class)
        .hasMessageContainingAll("there is no configuration folder", absent.toString());
  }

  @Test
  void patternStandsForItsFilesInTheOrderOfTheirNames() throws IOException {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    for (String name : new String[] {"c.jar", "a.jar", "b.jar", "b.txt"}) {
      Files.createFile(lib.resolve(name));
    }
    write("bundles.properties", "base=lib/*.jar, z.jar");
    assertThat(ConfigFolder.read(folder).base())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("a.jar", "b.jar", "c.jar", "z.jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent/*.jar", "[*.jar"})
  void patternThatCannotBeListedStopsTheStart(String pattern) throws IOException {
    write("bundles.properties", "base=" + pattern);
    fails(folder.resolve(pattern).toString(), "cannot be listed");
  }

  @Test
  void sharedClassThatIsNotThereStopsTheStart() throws IOException {
    write("bundles.properties", "share=com.acme.Absent");
    fails(folder.resolve("bundles.properties") + ": share: there is no class com.acme.Absent");
  }

  @Test
  void fileThatIsNoTextStopsTheStart() throws IOException {
    Files.write(folder.resolve("host.properties"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    fails(folder.resolve("host.properties").toString(), "cannot be read");
  }

  @Test
  void fileWithABrokenEscapeStopsTheStart() throws IOException {
    write("host.properties", "data=\\u00");
    fails(folder.resolve("host.properties").toString(), "cannot be read");
  }

  @Test
  void emptyDataFolderMeansATemporaryOneNotTheConfigurationFolder() throws IOException {
    write("host.properties", "data=");
    assertThat(ConfigFolder.read(folder).data()).isEmpty();
  }

  private void write(String file, String text) throws IOException {
    Files.write(folder.resolve(file), text.getBytes(StandardCharsets.UTF_8));
  }

  private AbstractThrowableAssert<?, ?> fails(String... words) {
    return assertThatThrownBy(() -> ConfigFolder.read(folder))
        .isInstanceOf(HostStartException.class)
        .hasMessageContainingAll(words)
        .hasMessageEndingWith("Nothing was started.");
  }
}
