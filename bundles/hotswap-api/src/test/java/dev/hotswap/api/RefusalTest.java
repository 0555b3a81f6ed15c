package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalTest {
  private static final Generation STANDS = new Generation("greeter", 7, "2.0.0", "0".repeat(64));

  /** Every refusal there is: a new one is tested as soon as it is declared. */
  static Stream<Class<?>> everyRefusal() {
    return Stream.of(Refusal.class.getPermittedSubclasses());
  }

  @Test
  void messageIsOneSentenceAndTheNextStep() {
    Refusal refusal =
        new Refusal.Unresolvable(
            "greeter 2.0.1",
            List.of("nothing exports com.acme.clock [1.2,2)"),
            Optional.of(STANDS));

    assertThat(refusal.message())
        .startsWith(
            "refused greeter 2.0.1: nothing exports com.acme.clock [1.2,2);"
                + " generation 7 (2.0.0) stays current. ")
        .endsWith(refusal.next());
  }

  @ParameterizedTest
  @MethodSource("everyRefusal")
  void messageSaysWhatWasRefusedWhyWhatStandsAndWhatNext(Class<?> type) throws Exception {
    Refusal refusal = sample(type, Optional.of(STANDS));

    assertThat(refusal.message())
        .isEqualTo(
            "refused what-value: "
                + refusal.why()
                + (carriesWhatStands(type)
                    ? "; generation 7 (2.0.0) stays current. "
                    : untouched(type))
                + refusal.next());
  }

  @ParameterizedTest
  @MethodSource("everyRefusal")
  void messageSaysThatNothingHasChangedWhereNothingStood(Class<?> type) throws Exception {
    Refusal refusal = sample(type, Optional.empty());

    assertThat(refusal.message()).startsWith("refused what-value: ").contains(untouched(type));
  }

  /** Some may be of something that has changed, and say so. */
  private static String untouched(Class<?> type) {
    if (type == Refusal.NotHandedOver.class) {
      return "; nothing answers now. ";
    }
    return type == Refusal.Failed.class ? "; state-value. " : "; nothing has changed. ";
  }

  @ParameterizedTest
  @MethodSource("everyRefusal")
  void reasonFitsIntoTheMiddleOfASentence(Class<?> type) throws Exception {
    assertThat(sample(type, Optional.of(STANDS)).why())
        .isNotBlank()
        .doesNotContain("\n")
        .doesNotMatch(".*[.;,:\\s]");
  }

  @ParameterizedTest
  @MethodSource("everyRefusal")
  void nextStepIsASentenceOfItsOwn(Class<?> type) throws Exception {
    assertThat(sample(type, Optional.of(STANDS)).next()).matches("[A-Z][^\\n]*[^.\\s]\\.");
  }

  @ParameterizedTest
  @MethodSource("everyRefusal")
  void messageHidesNothingThatTheRefusalCarries(Class<?> type) throws Exception {
    String message = sample(type, Optional.of(STANDS)).message();

    for (RecordComponent component : type.getRecordComponents()) {
      if (!component.getName().equals("stands")) {
        assertThat(message).contains(trace(component));
      }
    }
  }

  @Test
  void unresolvableNamesEveryMissingRequirement() {
    Refusal refusal =
        new Refusal.Unresolvable("greeter 2.0.1", List.of("no clock", "no log"), Optional.empty());

    assertThat(refusal.why()).isEqualTo("no clock; no log");
  }

  @Test
  void unresolvableWithoutAKnownRequirementStillGivesAReason() {
    Refusal refusal = new Refusal.Unresolvable("greeter 2.0.1", List.of(), Optional.empty());

    assertThat(refusal.why()).isNotBlank();
  }

  @Test
  void noContractServiceSaysWhenThereIsNoServiceAtAll() {
    Refusal refusal =
        new Refusal.NoContractService(
            "greeter 2.0.1", List.of("com.acme.Greeter"), List.of(), "", Optional.empty());

    assertThat(refusal.why()).isEqualTo("it registers no service of com.acme.Greeter");
  }

  @Test
  void contractThatIsMissingBesideOthersIsNamedAfterThem() {
    Refusal refusal =
        new Refusal.NoContractService(
            "greeter 2.0.1",
            List.of("com.acme.Clock"),
            List.of("com.acme.Greeter"),
            "",
            Optional.empty());

    assertThat(refusal.why()).isEqualTo("it registers com.acme.Greeter, but not com.acme.Clock");
  }

  @Test
  void severalThatDoNotResolveAreAllNamedEachWithWhatItMisses() {
    Refusal refusal =
        Refusal.Unresolvable.of(
            List.of(
                new Refusal.Unresolvable("a 1.0", List.of("nothing exports x"), Optional.empty()),
                new Refusal.Unresolvable("b 2.0", List.of("nothing exports y"), Optional.empty())));

    assertThat(refusal.message())
        .startsWith("refused a 1.0, b 2.0: a 1.0: nothing exports x; b 2.0: nothing exports y;");
  }

  private static boolean carriesWhatStands(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .anyMatch(component -> component.getName().equals("stands"));
  }

  private static Refusal sample(Class<?> type, Optional<Generation> stands) throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    Constructor<?> canonical =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return (Refusal)
        canonical.newInstance(
            Arrays.stream(components).map(component -> value(component, stands)).toArray());
  }

  private static Object value(RecordComponent component, Optional<Generation> stands) {
    String type = component.getGenericType().getTypeName();
    if (component.getName().equals("wayBack")) {
      return List.of(new Generation("greeter", 1, trace(component), "0".repeat(64)));
    }
    if (component.getGenericType() instanceof ParameterizedType) {
      return component.getType() == Optional.class ? stands : List.of(trace(component));
    }
    return switch (type) {
      case "java.lang.String" -> trace(component);
      case "int" -> 4711;
      case "java.time.Duration" -> Duration.ofMillis(1517);
      default -> throw unknown(component);
    };
  }

  /** What of the component's value the message must show. */
  private static String trace(RecordComponent component) {
    if (component.getType() == int.class) {
      return "4711";
    }
    if (component.getName().equals("next")) {
      return "Next value."; // a sentence, as every next step is
    }
    return component.getType() == Duration.class ? "1517 ms" : component.getName() + "-value";
  }

  private static AssertionError unknown(RecordComponent component) {
    return new AssertionError("teach this test a value for " + component);
  }
}
