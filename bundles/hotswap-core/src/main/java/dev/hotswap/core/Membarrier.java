package dev.hotswap.core;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;

/**
 * The Linux system call {@code membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)}: when it returns,
 * every running thread of this process has executed a full memory barrier since it was called.
 *
 * <p>Reached through the Foreign Function API, by reflection, because the class files are Java 17's
 * and that API is final in 22. Nothing is tried, and so nothing is printed by the VM, unless native
 * access has been enabled for this module.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/membarrier.2.html">membarrier(2)</a>
 */
final class Membarrier {
  private static final int QUERY = 0;
  private static final int PRIVATE_EXPEDITED = 1 << 3;
  private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;

  /** The system call's number by {@code os.arch}. */
  private static final Map<String, Long> NUMBER = Map.of("amd64", 324L, "aarch64", 283L);

  private static final MethodHandle SYSCALL = find().orElse(null);

  /**
   * Whether the barrier works here: bound, offered by the kernel, registered, and executed once. A
   * VM other than HotSpot is left out, since the asymmetric lane leans on its compilers.
   */
  static final boolean AVAILABLE = selfCheck();

  private Membarrier() {}

  /** Makes every other thread of this process pass a full barrier. Costs well under 1 µs. */
  static void execute() {
    long answer = call(PRIVATE_EXPEDITED);
    if (answer != 0) {
      throw new IllegalStateException("membarrier answered " + answer + " after it had worked");
    }
  }

  private static boolean selfCheck() {
    if (SYSCALL == null) {
      return false;
    }
    long offered = call(QUERY);
    return offered > 0
        && (offered & PRIVATE_EXPEDITED) != 0
        && call(REGISTER_PRIVATE_EXPEDITED) == 0
        && call(PRIVATE_EXPEDITED) == 0;
  }

  private static long call(int command) {
    try {
      return (long) SYSCALL.invokeExact(number(), command, 0, 0);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number() {
    return NUMBER.getOrDefault(System.getProperty("os.arch"), -1L);
  }

  private static Optional<MethodHandle> find() {
    boolean supported =
        System.getProperty("os.name").equals("Linux")
            && number() > 0
            && Runtime.version().feature() >= 22
            && System.getProperty("java.vm.name").matches(".*(HotSpot|OpenJDK).*");
    try {
      return supported && nativeAccessEnabled() ? Optional.of(bind()) : Optional.empty();
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  private static boolean nativeAccessEnabled() throws ReflectiveOperationException {
    Module here = Membarrier.class.getModule();
    return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(here);
  }

  /** {@code long syscall(long number, int command, int flags, int cpu)} of the C library. */
  private static MethodHandle bind() throws ReflectiveOperationException {
    Class<?> linkerType = foreign("Linker");
    Class<?> layoutType = foreign("MemoryLayout");
    Class<?> descriptorType = foreign("FunctionDescriptor");
    Class<?> optionType = foreign("Linker$Option");
    Object linker = linkerType.getMethod("nativeLinker").invoke(null);
    Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
    Optional<?> symbol =
        (Optional<?>)
            foreign("SymbolLookup").getMethod("find", String.class).invoke(lookup, "syscall");
    Object jlong = foreign("ValueLayout").getField("JAVA_LONG").get(null);
    Object jint = foreign("ValueLayout").getField("JAVA_INT").get(null);
    Object parameters = array(layoutType, jlong, jint, jint, jint);
    Object descriptor =
        descriptorType
            .getMethod("of", layoutType, parameters.getClass())
            .invoke(null, jlong, parameters);
    Object variadicFrom = optionType.getMethod("firstVariadicArg", int.class).invoke(null, 1);
    Method downcall =
        linkerType.getMethod(
            "downcallHandle",
            foreign("MemorySegment"),
            descriptorType,
            Array.newInstance(optionType, 0).getClass());
    return (MethodHandle)
        downcall.invoke(linker, symbol.orElseThrow(), descriptor, array(optionType, variadicFrom));
  }

  private static Class<?> foreign(String name) throws ClassNotFoundException {
    return Class.forName("java.lang.foreign." + name);
  }

  private static Object array(Class<?> type, Object... elements) {
    Object array = Array.newInstance(type, elements.length);
    for (int i = 0; i < elements.length; i++) {
      Array.set(array, i, elements[i]);
    }
    return array;
  }
}
