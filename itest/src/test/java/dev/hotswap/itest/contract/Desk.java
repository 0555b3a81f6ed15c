package dev.hotswap.itest.contract;

import java.util.List;

/** The contract of a plugin that uses the greeter of another. */
public interface Desk {
  /** What the greeter says that it holds as a reference, through a tracker, or has kept. */
  String greet(String how) throws Exception;

  /** How often it was activated. */
  int activations();

  /** What the greeter said when it was deactivated. */
  List<String> farewells();

  /** The service events of greeters and clocks that it has heard. */
  List<String> events();
}
