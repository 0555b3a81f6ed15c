package dev.hotswap.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonObjectTest {
  @Test
  void valuesHaveTheTypesThatConfigurationAdminTakes() throws Exception {
    Map<String, Object> values =
        JsonObject.parse(
            """
            { "text" : "a \\"b\\" \\\\ \\/ \\n\\t\\u00e9", "whole": -7, "real": 1.5e3, "yes": true,
              "no":false , "all": ["a","b"], "numbers": [1, 2], "none": [] }
            """);
    assertThat(values)
        .containsEntry("text", "a \"b\" \\ / \n\t\u00e9")
        .containsEntry("whole", -7L)
        .containsEntry("real", 1500.0)
        .containsEntry("yes", true)
        .containsEntry("no", false);
    assertThat((String[]) values.get("all")).containsExactly("a", "b");
    assertThat((Long[]) values.get("numbers")).containsExactly(1L, 2L);
    assertThat((String[]) values.get("none")).isEmpty();
    assertThat(JsonObject.parse("{}")).isEmpty();
  }

  @Test
  void arraysAreNotFollowedIntoTheDepth() {
    String deep = "{\"a\": " + "[".repeat(500_000);
    assertThatThrownBy(() -> JsonObject.parse(deep))
        .isInstanceOf(NotWholeException.class)
        .hasMessageContaining("an array of values of one kind was expected, at character 7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                     | '{' was expected, at character 0",
        "[]                     | '{' was expected, at character 0",
        "{\"a\": 1              | '}' was expected, at character 7",
        "{\"a\": 1} x           | something after the end of the object, at character 9",
        "{\"a\": 1}\0x          | something after the end of the object, at character 8",
        "{\"a\": null}          | a value was expected",
        "{\"a\": {}}            | a value was expected",
        "{\"a\": [1, \"b\"]}    | an array of values of one kind was expected",
        "{\"a\": [[1]]}         | an array of values of one kind was expected",
        "{\"a\": 1, \"a\": 2}   | the key a stands there twice",
        "{\"a\": 1-2}           | 1-2 is no number",
        "{\"a\": 99999999999999999999} | is no number",
        "{\"a\": \"\\x\"}       | \\x is no escape",
        "{\"a\": \"\\uzzzz\"}   | \\uzzzz is no character",
        "{\"a                   | it ends too early",
      })
  void whatIsNoneIsRefusedAndSaysWhere(String text, String fault) {
    assertThatThrownBy(() -> JsonObject.parse(text))
        .isInstanceOf(NotWholeException.class)
        .hasMessageContaining(fault);
  }
}
