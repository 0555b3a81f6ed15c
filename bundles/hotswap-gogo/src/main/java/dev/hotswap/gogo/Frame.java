package dev.hotswap.gogo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One message between a host and a terminal elsewhere: a kind and its bytes. */
record Frame(Kind kind, byte[] bytes) {

  /** What a frame is. The order is that of the wire: new ones go to the end. */
  enum Kind {
    /** The first one, from the terminal: an {@link Ask}. */
    ASK,
    /** What was typed. */
    INPUT,
    /** There will be no more input. */
    INPUT_END,
    /** The terminal has another size: columns and lines. */
    RESIZE,
    /** To print. */
    OUTPUT,
    /** To print on the error stream. */
    ERROR,
    /** From the host: send keys as they are pressed. */
    KEYS,
    /** The last one, from the host: the exit status. */
    STATUS,
    /** From the terminal: whoever is there wishes it no more. */
    INTERRUPT
  }

  static Frame of(Kind kind, int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return new Frame(kind, bytes.array());
  }

  static Frame of(Kind kind, String text) {
    return new Frame(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  int number(int place) {
    return ByteBuffer.wrap(bytes).getInt(place * Integer.BYTES);
  }
}
