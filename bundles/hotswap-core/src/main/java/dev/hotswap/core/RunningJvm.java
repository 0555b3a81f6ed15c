package dev.hotswap.core;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** The one that this runs in. */
final class RunningJvm implements Jvm {
  private final FreshThreads threads;
  private final byte[] feather = feather();

  RunningJvm(FreshThreads threads) {
    this.threads = threads;
  }

  /** A class without members. */
  private static byte[] feather() {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_SYNTHETIC, "Canary", null, "java/lang/Object", null);
    writer.visitEnd();
    return writer.toByteArray();
  }

  @Override
  public Reference<ClassLoader> canary(ReferenceQueue<ClassLoader> queue) {
    return new WeakReference<>(new Cage(feather), queue);
  }

  @Override
  public void collect() {
    System.gc();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public boolean tryRun(String name, Runnable task) {
    return threads.tryRun(name, task);
  }

  /** Has defined a class: one that has not is an object like any other to a collector. */
  private static final class Cage extends ClassLoader {
    Cage(byte[] feather) {
      super("hotswap-canary", null);
      defineClass("Canary", feather, 0, feather.length);
    }
  }
}
