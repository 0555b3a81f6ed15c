package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class GenerationTest {
  private static final String SHA = "a".repeat(64);
  private final Generation generation = new Generation("greeter", 7, "2.0.0", SHA);

  @Test
  void labelIsTheGenerationWithoutItsPlugin() {
    assertThat(generation.label()).isEqualTo("generation 7 (2.0.0)");
  }

  @Test
  void idIsPluginAndNumber() {
    assertThat(generation.id()).isEqualTo("greeter#7");
  }

  @Test
  void toStringIsPluginAndLabel() {
    assertThat(generation).hasToString("greeter generation 7 (2.0.0)");
  }

  @Test
  void sameVersionWithOtherBytesIsAnotherGeneration() {
    assertThat(generation).isNotEqualTo(new Generation("greeter", 7, "2.0.0", "b".repeat(64)));
  }

  @Test
  void everyNameIsRequired() {
    assertThatNullPointerException()
        .isThrownBy(() -> new Generation(null, 7, "2.0.0", SHA))
        .withMessage("plugin");
    assertThatNullPointerException()
        .isThrownBy(() -> new Generation("greeter", 7, null, SHA))
        .withMessage("version");
    assertThatNullPointerException()
        .isThrownBy(() -> new Generation("greeter", 7, "2.0.0", null))
        .withMessage("sha256");
  }
}
