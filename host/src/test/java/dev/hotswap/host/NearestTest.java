package dev.hotswap.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("availability", "start.limit", "drain.deadline", "data");

  @ParameterizedTest
  @CsvSource({
    "availabilty, availability",
    "availability.time, availability",
    "startlimit, start.limit",
    "limit.start, start.limit",
    "drain-deadline, drain.deadline",
    "deadline, drain.deadline",
    "date, data",
    "x, data",
  })
  void theNearestWordNeedsTheFewestChanges(String misspelt, String meant) {
    assertThat(Nearest.of(misspelt, KNOWN)).isEqualTo(meant);
  }
}
