package dev.hotswap.itest.zoo;

import java.util.stream.Stream;

/** Gives its caller a stream that has not been run. */
public class StreamKept extends Tame {
  @Override
  public Object act() throws Exception {
    return Stream.of("a").map(StreamKept::spot);
  }

  private static String spot(String text) {
    return text;
  }
}
