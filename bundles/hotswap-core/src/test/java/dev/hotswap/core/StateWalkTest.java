package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in a state, and by which path. */
class StateWalkTest {
  /** Code of a plugin, say. */
  private static class Own implements Comparator<String> {
    @Override
    public int compare(String one, String other) {
      return one.compareTo(other);
    }
  }

  private static final class Heir extends Own {}

  /** A value of a shared package. */
  private record Shared(String name, Object content) {}

  private static class Parent {
    private final Object kept;

    Parent(Object kept) {
      this.kept = kept;
    }
  }

  private static final class Child extends Parent {
    Child(Object kept) {
      super(kept);
    }
  }

  /** A collection of a shared package. */
  private static final class Row extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;
  }

  private static Optional<StateWalk.Foreign> look(Object state) {
    return new StateWalk(Own.class::isAssignableFrom).firstForeign(state);
  }

  static Stream<Arguments> statesAndPaths() {
    Own own = new Own();
    Row row = new Row();
    row.add(own);
    Map<String, Object> nested = new HashMap<>();
    nested.put("rules", List.of(1, new Shared("first", new Object[] {"text", own})));
    return Stream.of(
        Arguments.of(own, "state"),
        Arguments.of(new Heir(), "state"),
        Arguments.of(Own.class, "state"),
        Arguments.of(new Own[0], "state"),
        Arguments.of(List.of("a", own), "state[1]"),
        Arguments.of(row, "state[0]"),
        Arguments.of(new Object[][] {{}, {own}}, "state[1][0]"),
        Arguments.of(Map.of("a", own), "state[\"a\"]"),
        Arguments.of(new ConcurrentHashMap<>(Map.of(1, own)), "state.value"),
        Arguments.of(Map.of(own, 1), "state.key"),
        Arguments.of(new AbstractMap.SimpleEntry<>("a", own), "state[\"a\"]"),
        Arguments.of(Optional.of(own), "state.value"),
        Arguments.of(new AtomicReference<>(own), "state.value"),
        Arguments.of(new WeakReference<>(own), "state.referent"),
        Arguments.of(new TreeMap<String, String>(own), "state.comparator"),
        Arguments.of(new TreeSet<>(own), "state.comparator"),
        Arguments.of(new Shared("a", own), "state.content"),
        Arguments.of(new Child(own), "state.kept"),
        Arguments.of(nested, "state[\"rules\"][1].content[1]"));
  }

  @ParameterizedTest
  @MethodSource("statesAndPaths")
  void findsObjectsOfForeignClassesAndSaysWhere(Object state, String path) {
    assertThat(look(state)).map(StateWalk.Foreign::path).contains(path);
  }

  @Test
  void findsNothingInValuesAndSharedClasses() {
    Map<String, Object> state = new HashMap<>();
    state.put("state", state); // in a circle
    state.put("counts", new long[] {1, 2});
    state.put("shared", new Shared("a", Arrays.asList(1, null, "b")));
    state.put("type", String.class);
    assertThat(look(state)).isEmpty();
    assertThat(look(null)).isEmpty();
  }

  @Test
  void findsTheNearestFirst() {
    Object deep = List.of(List.of(new Own()));
    assertThat(look(List.of(deep, List.of(new Own()))))
        .map(StateWalk.Foreign::path)
        .contains("state[1][0]");
  }

  @Test
  void endsWhereItHasLookedAtSoMany() {
    List<Object> state = new ArrayList<>();
    for (int i = 0; i < StateWalk.MOST; i++) {
      state.add(new Object[0]);
    }
    state.add(new Own());
    assertThat(look(state)).isEmpty();
  }

  /** A link of a list that is as long as it likes. */
  private record Link(Object next) {}

  @Test
  void saysWhereAtTheEndOfALongChainToo() {
    Object state = new Own();
    for (int i = 0; i < 50_000; i++) {
      state = new Link(state);
    }

    assertThat(look(state))
        .map(StateWalk.Foreign::path)
        .hasValueSatisfying(
            path ->
                assertThat(path)
                    .startsWith("state.next.next")
                    .contains(".next (49969 steps more) .next")
                    .endsWith(".next")
                    .hasSizeLessThan(300));
  }

  @Test
  void longKeyIsCutInThePath() {
    assertThat(look(Map.of("k".repeat(1000), new Own())))
        .map(StateWalk.Foreign::path)
        .contains("state[\"" + "k".repeat(40) + "...\"]");
  }
}
