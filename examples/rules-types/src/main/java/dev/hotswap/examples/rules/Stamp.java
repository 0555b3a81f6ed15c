package dev.hotswap.examples.rules;

/**
 * Who answered: each service object makes itself one stamp and puts it into whatever it returns.
 * That lets a caller tell, without asking the host, whether two answers came from one object and
 * whether that object is as new as it must be.
 *
 * @param version the plugin's version
 * @param made the {@link System#nanoTime()} at which the service object was made
 */
public record Stamp(String version, long made) {
  /** The stamp of a service object that is being made now. */
  public static Stamp now(String version) {
    return new Stamp(version, System.nanoTime());
  }

  /** Whether the service object was made before a moment of {@link System#nanoTime()}. */
  public boolean isOlderThan(long moment) {
    return made - moment < 0;
  }
}
