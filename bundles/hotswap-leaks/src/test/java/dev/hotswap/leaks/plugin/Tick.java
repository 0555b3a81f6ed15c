package dev.hotswap.leaks.plugin;

import java.util.TimerTask;
import java.util.function.Function;
import java.util.function.Supplier;

/** A task, and other things that a plugin hands out. */
public final class Tick extends TimerTask
    implements Supplier<Runnable>, Function<String, ClassValue<?>> {
  @Override
  public void run() {}

  /** A lambda that captures something of the plugin. */
  @Override
  public Runnable get() {
    Ctx ctx = new Ctx();
    return () -> ctx.toString();
  }

  /** A value of the plugin for a class of the JDK. */
  @Override
  public ClassValue<?> apply(String unused) {
    ClassValue<Ctx> values =
        new ClassValue<>() {
          @Override
          protected Ctx computeValue(Class<?> type) {
            return new Ctx();
          }
        };
    values.get(String.class);
    return values;
  }
}
