package dev.hotswap.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every value that a configuration may have, as a word and back. */
class SettingsWordsTest {
  @Test
  void everyValueIsReadAsItWasWritten() {
    Map<String, Object> values = new TreeMap<>();
    values.put("text", "a=b & c,(d) [e] \"\u00e9\"\n");
    values.put("nothing", "");
    values.put("whole", 7);
    values.put("long", -8L);
    values.put("double", 0.1);
    values.put("float", 0.25f);
    values.put("truth", true);
    values.put("byte", (byte) -1);
    values.put("short", (short) 300);
    values.put("letter", ',');
    values.put("numbers", new int[] {1, -2});
    values.put("boxed", new Integer[] {1, -2});
    values.put("texts", new String[] {"", "a,b"});
    values.put("none", new String[0]);
    values.put("truths", new boolean[] {true, false});
    values.put("list", List.of(1L, "a,b", 'c'));
    values.put("empty", List.of());

    String word = SettingsWords.write(values);

    assertThat(word).doesNotContain(" ", "\n", "?");
    Map<String, Object> read = SettingsWords.read(word);
    assertThat(read.keySet()).isEqualTo(values.keySet());
    values.forEach(
        (key, value) -> {
          assertThat(read.get(key)).as(key).isEqualTo(value);
          if (value.getClass().isArray()) {
            assertThat(read.get(key)).as(key).hasSameClassAs(value);
          }
        });
    assertThat(SettingsWords.read(SettingsWords.write(Map.of()))).isEmpty();
  }

  @Test
  void whatIsNoSuchWordIsRefused() {
    for (String word : List.of("a", "a=", "a=Xb", "a=[Xb", "a=Ib", "=&=")) {
      assertThatThrownBy(() -> SettingsWords.read(word))
          .as(word)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> SettingsWords.write(Map.of("a", new Object())))
        .hasMessageContaining("no configuration has a value of class java.lang.Object");
  }
}
