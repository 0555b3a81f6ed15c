package dev.hotswap.leaks;

import dev.hotswap.api.Leftover;
import dev.hotswap.api.Leftovers;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes back what a generation has left behind in the JVM, as far as the platform lets anybody do
 * so without flags: drivers, MBeans, log handlers, security providers, defaults of the JVM's,
 * context class loaders, entries of the JDK's caches. Threads are named, and interrupted where the
 * policy says so.
 *
 * <p>Only what is the generation's own is touched, by the identity of its class loader. The
 * plugin's code is run only where the platform does so to say goodbye: a {@code DriverAction}, an
 * {@code MBeanRegistration}. Nothing of the plugin is kept, and what its code throws becomes text.
 *
 * <p>The first reclaim of a JVM has {@code java.sql.DriverManager} look for drivers, if nobody has
 * before, in the view of the system class loader. What cannot be seen from outside is not guessed:
 * thread locals, shutdown hooks, listeners, what a pool's thread runs; a heap walk names those.
 *
 * <p>Thread-safe.
 */
public final class JvmLeftovers implements Leftovers {
  private final List<Sweep> sweeps;

  /**
   * @param policy about threads that a generation has left running
   */
  public JvmLeftovers(ThreadPolicy policy) {
    this(sweeps(policy));
  }

  JvmLeftovers(List<Sweep> sweeps) {
    this.sweeps = List.copyOf(sweeps);
  }

  private static List<Sweep> sweeps(ThreadPolicy policy) {
    List<Sweep> sweeps = new ArrayList<>();
    sweeps.add(new Threads(policy)); // first: what has ended sets nothing any more
    sweeps.add(new ThreadGroups());
    sweeps.add(new JvmDefaults());
    sweeps.add(new SystemProperties());
    sweeps.add(new SecurityProviders());
    sweeps.add(new ResourceBundles());
    if (has("java.sql")) {
      sweeps.add(new JdbcDrivers());
    }
    if (has("java.management")) {
      sweeps.add(new MBeans());
    }
    if (has("java.logging")) {
      sweeps.add(new LogHandlers());
    }
    if (has("java.desktop")) {
      sweeps.add(new BeanCaches());
    }
    return sweeps;
  }

  private static boolean has(String module) {
    return ModuleLayer.boot().findModule(module).isPresent();
  }

  @Override
  public List<Leftover> undo(ClassLoader loader) {
    Own own = new Own(loader);
    List<Leftover> found = new ArrayList<>();
    for (Sweep sweep : sweeps) {
      try {
        sweep.undo(own, found::add);
      } catch (RuntimeException | LinkageError e) {
        found.add(failed(sweep, e));
      }
    }
    return List.copyOf(found);
  }

  private static Leftover failed(Sweep sweep, Throwable thrown) {
    return new Leftover(
        Leftover.Kind.OTHER,
        "perhaps more: "
            + sweep.getClass().getSimpleName()
            + " ended with "
            + Thrown.asText(thrown),
        false,
        "have the plugin's stop() take back what its start() has set");
  }
}
