package dev.hotswap.gogo;

/**
 * What a word could become.
 *
 * @param word the whole of it
 * @param about a few words on it; empty where it speaks for itself
 * @param isWhole whether the word ends with it; a folder's name goes on
 */
record Suggestion(String word, String about, boolean isWhole) {
  static Suggestion of(String word, String about) {
    return new Suggestion(word, about, true);
  }
}
