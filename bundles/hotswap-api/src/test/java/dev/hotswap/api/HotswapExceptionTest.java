package dev.hotswap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HotswapExceptionTest {
  @Test
  void noGenerationNamesTheContractTheWaitAndTheNextStep() {
    NoGenerationException exception =
        new NoGenerationException("com.acme.Greeter", Duration.ofMillis(250));

    assertThat(exception)
        .hasMessage(
            "nothing provides com.acme.Greeter (waited 250 ms); the call did not start."
                + " Swap in a plugin that provides it, then call again.");
  }

  @Test
  void noGenerationCarriesContractAndWait() {
    NoGenerationException exception =
        new NoGenerationException("com.acme.Greeter", Duration.ofMillis(250));

    assertThat(exception.contract()).isEqualTo("com.acme.Greeter");
    assertThat(exception.waited()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void swapRefusedCarriesItsRefusalAndSaysWhatItSays() {
    Refusal refusal = new Refusal.StartFailed("greeter 2.0.1", "no disk", Optional.empty());

    SwapRefusedException exception = new SwapRefusedException(refusal);

    assertThat(exception.refusal()).isSameAs(refusal);
    assertThat(exception).hasMessage(refusal.message());
  }
}
