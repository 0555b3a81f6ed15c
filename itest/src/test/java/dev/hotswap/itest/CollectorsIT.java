package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts by each collector of this JVM, each in a process of its own. */
@Timeout(180)
@Tag("no-framework") // the collector is what differs
class CollectorsIT {
  private static final String AT_THE_END =
      "unloaded: Count[collected=1, held=1, watched=0] [greeter#1 HELD]";
  private static final String RELEASED = "released: Count[collected=2, held=1, watched=0]";

  /**
   * Neither the heap nor the metaspace gives a reason to collect more than the young generation.
   */
  private static List<String> roomy(String collector) {
    return List.of(
        "-XX:+Use" + collector, "-Xms512m", "-Xmx512m", "-Xmn16m", "-XX:MetaspaceSize=256m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"G1GC", "SerialGC", "ParallelGC"})
  void collectionsOfTheYoungGenerationProveNothingAndUnloadingDoes(String collector)
      throws Exception {
    try (ChildJvm child = ChildJvm.start(roomy(collector), JudgesByItself.class, "young")) {
      assertThat(output(child))
          .containsExactly("young: Count[collected=0, held=0, watched=2]", AT_THE_END, RELEASED);
    }
  }

  /**
   * It has no young generation on JDK 17, and collects all of it in its first minutes on others.
   */
  @Test
  void zgcUnloadsToo() throws Exception {
    List<String> options = List.of("-XX:+UseZGC", "-Xmx512m");
    try (ChildJvm child = ChildJvm.start(options, JudgesByItself.class, "all")) {
      assertThat(output(child)).containsExactly(AT_THE_END, RELEASED);
    }
  }

  private static List<String> output(ChildJvm child) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = child.read(); line != null; line = child.read()) {
      if (line.matches("(young|unloaded|released): .*|Exception.*|Error.*")) {
        lines.add(line);
      }
    }
    return lines;
  }
}
