package dev.hotswap.core;

/** The contract of most tests. */
interface Greeter {
  String greet(String name);

  /** A plugin's service that greets in its own words. */
  static Greeter saying(String greeting) {
    return name -> greeting + " " + name;
  }
}
