package dev.hotswap.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * A framework full of plugins, of which one after the other is swapped. What a swap takes is noted:
 * the time until the old generation is gone, and the processor time of the whole process.
 */
abstract class Crowd implements AutoCloseable {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  final Path folder;
  final int size;
  private final Random random = new Random(1);
  private final Histogram nanos = new Histogram(3);
  private final Histogram cpuNanos = new Histogram(3);
  private int version = 1;

  Crowd(Path folder, int size) {
    this.folder = folder;
    this.size = size;
  }

  /** Swaps the plugin of that place for the jar of that version. */
  abstract void swap(int place, int to, Path jar) throws Exception;

  final Path jar(int place, int of) throws Exception {
    return PluginJar.write(folder, "crowd." + place, of);
  }

  /** So many swaps, noted as one block of processor time: its clock is coarse. */
  final void swapBlock(int swaps, boolean noted) throws Exception {
    int[] places = random.ints(swaps, 0, size).toArray();
    Path[] jars = new Path[swaps];
    for (int i = 0; i < swaps; i++) {
      jars[i] = jar(places[i], version + 1 + i);
    }
    long cpu = SYSTEM.getProcessCpuTime();
    for (int i = 0; i < swaps; i++) {
      version++;
      long start = System.nanoTime();
      swap(places[i], version, jars[i]);
      if (noted) {
        nanos.recordValue(System.nanoTime() - start);
      }
    }
    if (noted) {
      cpuNanos.recordValue((SYSTEM.getProcessCpuTime() - cpu) / swaps);
    }
    for (Path jar : jars) {
      Files.delete(jar);
    }
  }

  /** The median time of a swap, in ms. */
  final double millis() {
    return nanos.getValueAtPercentile(50) / 1e6;
  }

  /** The median processor time of a swap, in ms. */
  final double cpuMillis() {
    return cpuNanos.getValueAtPercentile(50) / 1e6;
  }
}
