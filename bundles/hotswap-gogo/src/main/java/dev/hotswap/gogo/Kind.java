package dev.hotswap.gogo;

/** What a word of a command line stands for. */
enum Kind {
  FILE("FILE"),
  PLUGIN("PLUGIN"),
  /** The number of an earlier generation of the plugin that is named before it. */
  GENERATION("GENERATION"),
  /** A plugin of which a generation that has left is still in memory. */
  RECLAIMED("PLUGIN"),
  /** The number of a swap. */
  RECEIPT("ID"),
  POLICY("wait|interrupt|reverse|force"),
  TIME("TIME"),
  TEXT("TEXT");

  private final String word;

  Kind(String word) {
    this.word = word;
  }

  /** As it stands in a usage line. */
  String word() {
    return word;
  }
}
