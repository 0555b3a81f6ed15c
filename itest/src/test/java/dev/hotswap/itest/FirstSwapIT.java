package dev.hotswap.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hotswap.api.Asked;
import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Handle;
import dev.hotswap.api.Holder;
import dev.hotswap.api.JointLease;
import dev.hotswap.api.Lease;
import dev.hotswap.api.Plan;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Refusal;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Swap;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.host.Host;
import dev.hotswap.host.ReceiptJson;
import dev.hotswap.itest.contract.Clock;
import dev.hotswap.itest.contract.Rules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code that README and docs show; {@link DocsIT} compares it with what is printed there. */
@Timeout(60)
class FirstSwapIT {
  @TempDir Path plugins;

  @BeforeEach
  void buildTheReleases() {
    rules("1.0.0").activator("RulesActivator").in(plugins);
    rules("2.0.0").activator("RulesActivator").in(plugins);
    rules("2.0.1").header("Import-Package", "com.acme.clock;version=\"[1.2,2)\"").in(plugins);
    PluginJar.named("clock", "1.0.0")
        .activator("ClockAndGreeterActivator")
        .classes("OpenGreeter", "PluginException")
        .in(plugins);
  }

  private static PluginJar rules(String version) {
    return PluginJar.named("rules", version);
  }

  @Test
  @Tag("felix") // as the README shows it
  void firstSwap() {
    List<Integer> scores = new ArrayList<>();
    // tag::first-swap
    try (Host host = Host.builder().share(Rules.class).open()) {
      Handle<Rules> rules = host.handle(Rules.class);

      host.swap(plugins.resolve("rules-1.0.0.jar"));
      scores.add(rules.with(r -> r.evaluate(7))); // 14

      host.swap(plugins.resolve("rules-2.0.0.jar"));
      scores.add(rules.with(r -> r.evaluate(7))); // 21
    }
    // end::first-swap
    assertThat(scores).containsExactly(14, 21);
  }

  @Test
  void refusal() {
    List<String> said = new ArrayList<>();
    try (Host host = Hosts.builder().share(Rules.class).open()) {
      Handle<Rules> rules = host.handle(Rules.class);
      host.swap(plugins.resolve("rules-2.0.0.jar"));
      // tag::refusal
      try {
        host.swap(plugins.resolve("rules-2.0.1.jar"));
      } catch (SwapRefusedException e) {
        said.add(e.getMessage());
        if (e.refusal() instanceof Refusal.Unresolvable unresolvable) {
          said.addAll(unresolvable.missing());
        }
      }
      // end::refusal
      int score = rules.with(r -> r.evaluate(7));
      assertThat(score).isEqualTo(21);
    }
    assertThat(said)
        .containsExactly(
            "refused rules 2.0.1: nothing exports com.acme.clock [1.2,2);"
                + " generation 1 (2.0.0) stays current."
                + " Provide what is missing, or change the plugin's requirements, then swap again.",
            "nothing exports com.acme.clock [1.2,2)");
  }

  @Test
  void leaseAndProxy() throws Exception {
    try (Host host = Hosts.builder().share(Rules.class).open()) {
      Handle<Rules> rules = host.handle(Rules.class);
      host.swap(plugins.resolve("rules-1.0.0.jar"));
      // tag::lease
      Lease<Rules> lease = rules.lease(); // pins the current generation
      CompletableFuture<Integer> score =
          CompletableFuture.supplyAsync(
              () -> {
                try (lease) { // closed where the work ends, on another thread
                  return lease.service().evaluate(7);
                }
              });
      // end::lease
      assertThat(score.get(20, TimeUnit.SECONDS)).isEqualTo(14);
      // tag::proxy
      Rules kept = rules.proxy(); // to be kept and passed on; each call is leased
      host.swap(plugins.resolve("rules-2.0.0.jar"));
      int newest = kept.evaluate(7); // 21
      // end::proxy
      assertThat(newest).isEqualTo(21);
    }
  }

  @Test
  void receiptTellsHowTheOldGenerationLeft() throws Exception {
    try (Host host = Hosts.builder().share(Rules.class).open()) {
      Handle<Rules> rules = host.handle(Rules.class);
      host.swap(plugins.resolve("rules-1.0.0.jar"));
      rules.use(r -> r.evaluate(7));
      // tag::receipt
      Swap swap = host.swap(plugins.resolve("rules-2.0.0.jar")); // new calls are on 2.0.0 now
      Receipt receipt = swap.awaitReclaimed(Duration.ofSeconds(30)); // 1.0.0 has left
      // end::receipt
      assertThat(receipt.retirement().orElseThrow().calls().returned())
          .as("the call, and the probe of the first swap")
          .isEqualTo(2);
    }
  }

  @Test
  void jointLease() {
    List<String> seen = new ArrayList<>();
    try (Host host = Hosts.builder().share(Rules.class, Clock.class).open()) {
      Handle<Rules> rules = host.handle(Rules.class);
      Handle<Clock> clock = host.handle(Clock.class);
      host.swap(plugins.resolve("rules-1.0.0.jar"));
      host.swap(plugins.resolve("clock-1.0.0.jar"));
      // tag::joint-lease
      try (JointLease both = host.lease(rules, clock)) {
        seen.add(both.service(clock).version() + " " + both.service(rules).evaluate(7));
      }
      // end::joint-lease
      assertThat(seen).containsExactly("1.0.0 14");
    }
  }

  @Test
  void operatorLooksSwapsAndGoesBack() {
    try (Host host = Hosts.builder().share(Rules.class).open()) {
      Handle<Rules> rules = host.handle(Rules.class);
      host.swap(plugins.resolve("rules-1.0.0.jar"));
      // tag::operator
      Path next = plugins.resolve("rules-2.0.0.jar");
      Plan plan = host.plan(next); // changes nothing; prints at 80 columns
      if (plan.isFeasible()) {
        host.swap(new Asked("alice", "release 2.0"), next);
      }
      Snapshot now = host.snapshot(); // generations, their stages, calls in flight, taints
      host.rollback("rules"); // 1.0.0 answers again
      host.unload("rules"); // nothing answers any more
      String journal = ReceiptJson.write(host.receipts().get(0)); // of the unload
      // end::operator
      assertThat(now.plugin("rules").orElseThrow().current().orElseThrow().version())
          .isEqualTo("2.0.0");
      assertThat(journal).contains("\"unloaded\"");
      assertThat(host.receipts()).hasSize(4);
      assertThat(rules.contract()).isEqualTo(Rules.class);
    }
  }

  @Test
  void operatorDecidesADrain() throws Exception {
    try (Host host = Hosts.builder().share(Rules.class).leaseTracking(true).open()) {
      Handle<Rules> rules = host.handle(Rules.class);
      host.swap(plugins.resolve("rules-1.0.0.jar"));
      Lease<Rules> lease = rules.lease();
      Swap swap = host.swap(plugins.resolve("rules-2.0.0.jar"));
      // tag::drain
      List<Holder> inside = host.holders("rules"); // thread, age, stack
      host.decideDrain("rules", DeadlinePolicy.INTERRUPT); // or WAIT, REVERSE, FORCE
      // end::drain
      assertThat(inside).singleElement().extracting(Holder::kind).isEqualTo(Holder.Kind.LEASE);
      lease.close();
      swap.awaitReclaimed(Duration.ofSeconds(20));
    }
  }
}
