package dev.hotswap.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Keeps what is printed, and can wait for it. */
final class Printed extends ByteArrayOutputStream {
  private static final long LIMIT_SECONDS = 20;

  PrintStream stream() {
    return new PrintStream(this, true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int each) {
    super.write(each);
    notifyAll();
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    super.write(bytes, from, length);
    notifyAll();
  }

  /** Waits for that many of it. */
  synchronized void await(String part, int times) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (count(part) < times && System.nanoTime() < end) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
    }
    assertThat(count(part)).as(text()).isGreaterThanOrEqualTo(times);
  }

  private int count(String part) {
    return text().split(Pattern.quote(part), -1).length - 1;
  }

  synchronized void await(String part) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!text().contains(part) && System.nanoTime() < end) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
    }
    assertThat(text()).contains(part);
  }

  synchronized String text() {
    return toString(StandardCharsets.UTF_8);
  }
}
