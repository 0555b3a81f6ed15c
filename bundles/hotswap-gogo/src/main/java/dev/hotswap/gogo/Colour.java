package dev.hotswap.gogo;

/** Colours of a terminal; elsewhere the words stay as they are. */
enum Colour {
  BOLD("1"),
  RED("31"),
  GREEN("32"),
  YELLOW("33");

  private final String code;

  Colour(String code) {
    this.code = code;
  }

  String paint(String text, Console console) {
    return console.isTerminal() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
