package dev.hotswap.itest.zoo;

import java.util.stream.IntStream;

/** Has the common pool work for it. */
public class ParallelStream extends Tame {
  @Override
  public Object act() throws Exception {
    return IntStream.range(0, 10_000).parallel().map(ParallelStream::spots).sum();
  }

  private static int spots(int animal) {
    return animal % 7;
  }
}
