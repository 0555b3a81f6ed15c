package dev.hotswap.itest;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this JVM and a host's data folder hold at one moment: bytes and numbers of things. To be
 * taken right after a garbage collection.
 *
 * @param heap bytes in use
 * @param metaspace bytes in use, with those of the classes
 * @param classSpace bytes in use of the compressed class space, a part of the metaspace
 * @param descriptors open file descriptors of the process
 * @param threads live platform threads
 * @param cacheFiles files in the framework's bundle cache
 * @param storeFiles files in the content store, with the links of live generations
 */
record Footprint(
    long heap,
    long metaspace,
    long classSpace,
    long descriptors,
    long threads,
    long cacheFiles,
    long storeFiles) {

  static Footprint of(Path data) {
    return new Footprint(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        pool("Metaspace"),
        pool("Compressed Class Space"),
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
            .getOpenFileDescriptorCount(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        files(data.resolve("cache")),
        files(data.resolve("store")));
  }

  private static long pool(String name) {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals(name))
        .mapToLong(pool -> pool.getUsage().getUsed())
        .sum();
  }

  private static long files(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
