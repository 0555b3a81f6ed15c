package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Refusal;
import dev.hotswap.api.Stage;
import dev.hotswap.api.SwapEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What README and docs show and name is there: code, links, words and tests. */
@Tag("no-framework") // it reads the documentation
class DocsIT {
  private static final Path ROOT = Path.of(System.getProperty("itest.root"));
  private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: (\\S+) -->");
  private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::(\\S+)");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern LOG_LINE = Pattern.compile("\"(event=[a-z-]*[a-z])\\b(?!-\")");
  private static final Pattern PROOF =
      Pattern.compile(
          "`([A-Z]\\w*(?:IT|Test|TwoPublishes|ReleasedElsewhere|Against\\w+))(?:\\.(\\w+))?`");

  @Test
  void everyJavaBlockIsPartOfAPassingTest() {
    Map<String, String> tested = testedSnippets();
    for (Path page : pages()) {
      if (page.endsWith("tutorial.md")) {
        continue; // it shows whole files, which TutorialIT compares, compiles and runs
      }
      for (Block block : javaBlocks(page)) {
        assertThat(tested)
            .as("%s: a snippet <!-- snippet: %s --> of a test", page, block.tag)
            .containsKey(block.tag);
        assertThat(block.code)
            .as("%s: snippet %s", page, block.tag)
            .isEqualTo(tested.get(block.tag));
      }
    }
  }

  @Test
  void everyTestedSnippetIsShown() {
    List<String> shown =
        pages().stream().flatMap(page -> javaBlocks(page).stream()).map(Block::tag).toList();
    assertThat(shown).containsAll(testedSnippets().keySet());
  }

  @Test
  void everyLinkLeadsToAFileAndAHeadingThatAreThere() {
    for (Path page : pages()) {
      for (MatchResult link : find(LINK, prose(page))) {
        String target = link.group(1);
        if (!target.contains(":")) {
          assertThatTargetExists(page, target);
        }
      }
    }
  }

  private static void assertThatTargetExists(Path page, String target) {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    assertThat(file).as("%s links to %s", page, target).exists();
    if (parts.length == 2) {
      assertThat(anchors(file)).as("%s links to %s", page, target).contains(parts[1]);
    }
  }

  @Test
  void everyEventRefusalAndStageIsExplained() {
    String words =
        read(ROOT.resolve("docs/glossary.md")) + read(ROOT.resolve("docs/architecture.md"));
    Stream<String> names =
        Stream.of(
                Arrays.stream(SwapEvent.class.getPermittedSubclasses()).map(Class::getSimpleName),
                Arrays.stream(Refusal.class.getPermittedSubclasses()).map(Class::getSimpleName),
                Arrays.stream(Stage.values()).map(Stage::name))
            .flatMap(each -> each);
    assertThat(names).allSatisfy(name -> assertThat(words).contains("`" + name + "`"));
  }

  @Test
  void everyTestThatIsNamedAsProofExists() {
    Map<String, Path> sources = sources();
    for (Path page : pages()) {
      for (MatchResult proof : find(PROOF, prose(page))) {
        assertThat(sources).as("%s names %s", page, proof.group()).containsKey(proof.group(1));
        if (proof.group(2) != null) {
          assertThat(read(sources.get(proof.group(1))))
              .as("%s names %s", page, proof.group())
              .contains(" " + proof.group(2) + "(");
        }
      }
    }
  }

  @Test
  void everyLogLineIsExplained() {
    String page = read(ROOT.resolve("docs/operations.md"));
    for (String room : List.of("bundles", "host")) {
      for (Path source : filesBelow(ROOT.resolve(room), ".java")) {
        if (source.toString().contains("/src/main/")) {
          for (MatchResult line : find(LOG_LINE, read(source))) {
            assertThat(page).as("%s logs", source).contains("`" + line.group(1) + "`");
          }
        }
      }
    }
  }

  private record Block(String tag, String code) {}

  private static List<Block> javaBlocks(Path page) {
    List<Block> blocks = new ArrayList<>();
    List<String> code = null;
    String before = "";
    String tag = "";
    for (String line : read(page).split("\n", -1)) {
      if (code == null && line.strip().equals("```java")) {
        code = new ArrayList<>();
        Matcher snippet = SNIPPET.matcher(before);
        tag = snippet.find() ? snippet.group(1) : "(none)";
      } else if (code != null && line.strip().equals("```")) {
        blocks.add(new Block(tag, normalised(code)));
        code = null;
      } else if (code != null) {
        code.add(line);
      }
      before = line;
    }
    return blocks;
  }

  /** What stands between {@code // tag::x} and {@code // end::x}, by x. */
  private static Map<String, String> testedSnippets() {
    Map<String, String> snippets = new HashMap<>();
    for (Path source : filesBelow(ROOT.resolve("itest/src/test/java"), ".java")) {
      String tag = null;
      List<String> code = new ArrayList<>();
      for (String line : read(source).split("\n", -1)) {
        Matcher marker = TAG.matcher(line);
        if (marker.matches() && marker.group(1).equals("tag")) {
          tag = marker.group(2);
          code = new ArrayList<>();
        } else if (marker.matches()) {
          assertThat(marker.group(2)).as("%s: the end of a snippet", source).isEqualTo(tag);
          snippets.put(tag, normalised(code));
        } else {
          code.add(line);
        }
      }
    }
    return snippets;
  }

  /** Without the indentation that all lines share. */
  private static String normalised(List<String> lines) {
    return String.join("\n", lines).stripIndent().strip();
  }

  /** The page without its blocks of code. */
  private static String prose(Path page) {
    return read(page).replaceAll("(?s)```.*?```", "");
  }

  /** The headings as links name them. */
  private static List<String> anchors(Path page) {
    return prose(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+\\s*", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static List<MatchResult> find(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static List<Path> pages() {
    List<Path> pages = new ArrayList<>(filesBelow(ROOT.resolve("docs"), ".md"));
    pages.add(ROOT.resolve("README.md"));
    pages.add(ROOT.resolve("CHANGELOG.md"));
    return pages;
  }

  /** Every source file by its simple class name. */
  private static Map<String, Path> sources() {
    Map<String, Path> sources = new HashMap<>();
    for (String room : List.of("bundles", "host", "itest", "examples", "karaf", "bench")) {
      for (Path file : filesBelow(ROOT.resolve(room), ".java")) {
        sources.put(file.getFileName().toString().replace(".java", ""), file);
      }
    }
    return sources;
  }

  private static List<Path> filesBelow(Path folder, String ending) {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
