package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say is what the commands take. */
class ManualTest {
  private static final Commands COMMANDS =
      new Commands(
          new FakeSwapper(),
          receipt -> "",
          generation -> java.util.Optional.empty(),
          java.util.Optional::empty,
          List::of);

  static Set<String> names() {
    return COMMANDS.names();
  }

  /** The sections of a page by their heads. */
  private static Map<String, List<String>> sections(String page) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> section = new ArrayList<>();
    for (String line : page.lines().toList()) {
      if (line.matches("[A-Z ]+")) {
        section = new ArrayList<>();
        sections.put(line, section);
      } else if (!line.isBlank()) {
        section.add(line);
      }
    }
    return sections;
  }

  @ParameterizedTest
  @MethodSource("names")
  void pageHasEverySectionWithin80Columns(String name) {
    String page = Manual.page(name);
    assertThat(page.lines()).allMatch(line -> line.length() <= 80);
    assertThat(page.lines().findFirst()).contains(name + " - " + Manual.summary(name));
    assertThat(sections(page).keySet())
        .containsExactly(
            "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO");
    assertThat(sections(page).values()).allMatch(lines -> !lines.isEmpty());
  }

  @ParameterizedTest
  @MethodSource("names")
  void synopsisAndOptionsAreThoseOfTheSyntax(String name) {
    Syntax syntax = COMMANDS.syntax(name);
    StringBuilder synopsis = new StringBuilder(name + syntax.usage());
    List<String> options = new ArrayList<>();
    syntax
        .options()
        .forEach(
            (option, value) -> {
              String word = value.map(kind -> " " + kind.word()).orElse("");
              synopsis.append(" [").append(option).append(word).append("]");
              options.add(option);
            });
    options.add("--help");

    Map<String, List<String>> sections = sections(Manual.page(name));

    assertThat(String.join(" ", sections.get("SYNOPSIS")).trim().replaceAll(" +", " "))
        .isEqualTo(synopsis.toString());
    assertThat(
            sections.get("OPTIONS").stream()
                .filter(line -> line.startsWith("    --"))
                .map(line -> line.trim().split(" ")[0]))
        .containsExactlyElementsOf(options);
  }

  @ParameterizedTest
  @MethodSource("names")
  void examplesAreUnderstood(String name) {
    List<String> examples =
        sections(Manual.page(name)).get("EXAMPLES").stream()
            .filter(line -> !line.startsWith("        "))
            .flatMap(line -> Arrays.stream(line.trim().split(" && | \\| | > ")))
            .filter(line -> names().contains(line.split(" ")[0]))
            .toList();
    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      List<String> words = List.of(example.replaceAll("'[^']*'", "text").split(" "));
      Arguments.parse(words.get(0), COMMANDS.syntax(words.get(0)), words.subList(1, words.size()));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void exitStatusHasThatOfACommandLineThatMakesNoSense(String name) throws Exception {
    assertThat(COMMANDS.run(name, List.of("--frobnicate"), FakeConsole.file())).isEqualTo(2);
    assertThat(sections(Manual.page(name)).get("EXIT STATUS"))
        .contains("    2   the command line makes no sense");
  }

  @ParameterizedTest
  @MethodSource("names")
  void seeAlsoNamesCommands(String name) {
    assertThat(String.join(" ", sections(Manual.page(name)).get("SEE ALSO")).trim().split(", "))
        .isSubsetOf(names())
        .doesNotContain(name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void gogosOwnHelpHasTheSamePage(String name) {
    assertThat(HotswapCommands.class.getDeclaredMethods())
        .filteredOn(method -> method.getName().equals(name))
        .singleElement()
        .satisfies(
            method ->
                assertThat(method.getAnnotation(Descriptor.class).value())
                    .isEqualTo(Manual.of(name)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void optionHelpPrintsThePageWhateverElseIsThere(String name) throws Exception {
    FakeConsole console = FakeConsole.file();
    assertThat(COMMANDS.run(name, List.of("what", "--help"), console)).isEqualTo(Command.DONE);
    assertThat(console.printed()).isEqualTo(Manual.page(name));
  }

  @Test
  void helpBehindTwoDashesIsAnOperand() {
    assertThat(Manual.isAsked(List.of("--", "--help"))).isFalse();
    assertThat(Manual.isAsked(List.of("a", "--help", "--"))).isTrue();
  }

  @Test
  void strangersHaveNoPage() {
    assertThatThrownBy(() -> Manual.page("frobnicate"))
        .isInstanceOf(UsageException.class)
        .hasMessage("there is no command 'frobnicate'");
  }
}
