package dev.hotswap.api;

import java.util.Objects;
import java.util.Optional;

/**
 * The proof of who answers a contract: what a call through its handle met right after a publish.
 *
 * @param contract the class name of the contract
 * @param type the class name of the service object that answered
 * @param loader the class loader of that class, by its own class and its identity in this JVM
 * @param definedBy the generation whose bundle defined that class; empty where no plugin did
 * @param generation the generation that answered; of another plugin where that one outranks it
 */
public record Answer(
    String contract,
    String type,
    String loader,
    Optional<Generation> definedBy,
    Generation generation) {
  public Answer {
    Objects.requireNonNull(contract, "contract");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(loader, "loader");
    Objects.requireNonNull(generation, "generation");
  }

  /** The class and the generation: {@code com.acme.PoliteGreeter of greeter#7}. */
  public String label() {
    return type + " of " + generation.id();
  }

  /** The {@link #label()}. */
  @Override
  public String toString() {
    return label();
  }
}
