package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TAB offers. */
class CompletionTest {
  @TempDir Path folder;
  private final FakeSwapper swapper = new FakeSwapper();
  private final Completion completion =
      new Completion(
          new Commands(
              swapper, receipt -> "", generation -> Optional.empty(), Optional::empty, List::of),
          swapper);

  @BeforeEach
  void somethingIsThere() throws Exception {
    swapper.snapshot = Given.snapshot();
    swapper.receipts = List.of(Given.swapped(), Given.refused());
    Files.createFile(folder.resolve("rules.jar"));
    Files.createFile(folder.resolve("notes.txt"));
    Files.createDirectory(folder.resolve("more"));
    Files.createFile(folder.resolve("more/types.jar"));
  }

  private List<String> of(String command, List<String> before, String begun) {
    return completion.of(command, before, begun, folder).stream().map(Suggestion::word).toList();
  }

  @Test
  void pluginsComeWithWhatIsCurrent() {
    assertThat(completion.of("show", List.of(), "", folder))
        .containsExactly(Suggestion.of("rules", "generation 2 (2.0.0)"));
    assertThat(of("rollback", List.of("--why", "x"), "")).containsExactly("rules");
  }

  @Test
  void filesAreJarsAndFolders() {
    assertThat(of("swap", List.of(), "")).containsExactlyInAnyOrder("rules.jar", "more/");
    assertThat(of("swap", List.of("rules.jar"), "more/")).containsExactly("more/types.jar");
    assertThat(completion.of("swap", List.of(), "m", folder))
        .filteredOn(each -> each.word().equals("more/"))
        .noneMatch(Suggestion::isWhole);
    assertThat(of("plan", List.of(), "nowhere/")).isEmpty();
  }

  @Test
  void optionsAreThoseThatAreNotThereYet() {
    assertThat(of("swap", List.of("a.jar", "--in-place"), "--"))
        .containsExactly("--why", "--drain", "--on-deadline");
    assertThat(of("list", List.of(), "")).containsExactly("--json");
    assertThat(of("show", List.of("rules"), "")).containsExactly("--json");
  }

  @Test
  void valuesOfOptionsAndOperandsAreKnown() {
    assertThat(of("swap", List.of("--on-deadline"), ""))
        .containsExactly("wait", "interrupt", "reverse", "force");
    assertThat(of("decide", List.of("rules"), ""))
        .containsExactly("wait", "interrupt", "reverse", "force");
    assertThat(of("swap", List.of("--why"), "")).isEmpty();
    assertThat(of("receipt", List.of(), "")).containsExactly("7", "8");
    swapper.wayBack = List.of(Given.FIRST);
    assertThat(completion.of("rollback", List.of("rules"), "", folder))
        .containsExactly(Suggestion.of("1", "1.0.0"));
  }

  @Test
  void otherCommandsAreNotOurs() {
    assertThat(of("lb", List.of(), "")).isEmpty();
  }
}
