package dev.hotswap.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.hotswap.api.Handle;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Which contracts have a generated proxy, and that its methods are all there is to call. */
class ProxyClassTest {
  private final World world = new World(Duration.ZERO);
  private final FakePlugin plugin = new FakePlugin(world, "all-sorts");

  /** Methods of every shape. */
  interface Shapes extends Wide<String>, Named {
    String all(
        boolean z, byte b, short s, char c, int i, long j, float f, double d, Object o, int[] a);

    boolean flip(boolean z);

    byte next(byte b);

    short next(short s);

    char next(char c);

    int next(int i);

    long next(long j);

    float next(float f);

    double next(double d);

    int[] next(int... a);

    <T extends Number> T same(T number);

    @Override
    String wide(String value);

    @Override
    String kind();

    void nothing();

    static String ignored() {
      return "static";
    }
  }

  /** A contract above another, with a method that the lower one narrows. */
  interface Wide<T> {
    Object wide(T value);

    Object kind();

    default String deep() {
      return "default of " + name();
    }

    String name();
  }

  /** Declares what {@link Wide} declares too, and what every object has. */
  interface Named {
    String name();

    @Override
    String toString();

    @Override
    boolean equals(Object other);

    @Override
    int hashCode();
  }

  /** Answers what it was given, or the next of it. */
  static final class AllShapes implements Shapes {
    @Override
    public String all(
        boolean z, byte b, short s, char c, int i, long j, float f, double d, Object o, int[] a) {
      return List.of(z, b, s, c, i, j, f, d, o, a.length).toString();
    }

    @Override
    public boolean flip(boolean z) {
      return !z;
    }

    @Override
    public byte next(byte b) {
      return (byte) (b + 1);
    }

    @Override
    public short next(short s) {
      return (short) (s + 2);
    }

    @Override
    public char next(char c) {
      return (char) (c + 3);
    }

    @Override
    public int next(int i) {
      return i + 4;
    }

    @Override
    public long next(long j) {
      return j + 5;
    }

    @Override
    public float next(float f) {
      return f + 6;
    }

    @Override
    public double next(double d) {
      return d + 7;
    }

    @Override
    public int[] next(int... a) {
      return a;
    }

    @Override
    public <T extends Number> T same(T number) {
      return number;
    }

    @Override
    public String wide(String value) {
      return "wide " + value;
    }

    @Override
    public String kind() {
      return "kind";
    }

    @Override
    public void nothing() {}

    @Override
    public String name() {
      return "all shapes";
    }
  }

  /** Has methods that are called like the steps of a call. */
  interface Steps {
    String look(LeasedProxy proxy);

    long enter(LeasedProxy proxy, Binding<?> seen);

    void leave(Binding<?> entered, long seat);

    Object service(Binding<?> entered);
  }

  /** A contract that any class loader may define. */
  public interface Foreign {
    Object answer(long number, Object more);
  }

  /** One whose own package alone may implement it. */
  interface Hidden {
    CompletableFuture<Object> answer(long number, Object more);
  }

  /** Defines some of the test's classes again, and sees nothing else but the JDK's. */
  private static final class Elsewhere extends ClassLoader {
    private final List<String> own;

    Elsewhere(Class<?>... own) {
      super(ClassLoader.getPlatformClassLoader());
      this.own = List.of(own).stream().map(Class::getName).toList();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (!own.contains(name)) {
        throw new ClassNotFoundException(name);
      }
      String file = "/" + name.replace('.', '/') + ".class";
      try (InputStream in = ProxyClassTest.class.getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    static Class<?> define(Class<?> type) throws ClassNotFoundException {
      return new Elsewhere(type).loadClass(type.getName());
    }
  }

  @Test
  void everyShapeOfMethodReachesTheService() {
    Shapes proxy = generated(Shapes.class, new AllShapes());

    String all = proxy.all(true, (byte) 1, (short) 2, 'c', 4, 5L, 6f, 7d, "o", new int[8]);
    assertThat(all).isEqualTo("[true, 1, 2, c, 4, 5, 6.0, 7.0, o, 8]");
    assertThat(proxy.flip(true)).isFalse();
    assertThat(proxy.next((byte) 1)).isEqualTo((byte) 2);
    assertThat(proxy.next((short) 1)).isEqualTo((short) 3);
    assertThat(proxy.next('a')).isEqualTo('d');
    assertThat(proxy.next(1)).isEqualTo(5);
    assertThat(proxy.next(1L << 40)).isEqualTo((1L << 40) + 5);
    assertThat(proxy.next(1f)).isEqualTo(7f);
    assertThat(proxy.next(1d)).isEqualTo(8d);
    assertThat(proxy.next(1, 2, 3)).containsExactly(1, 2, 3);
    assertThat(proxy.<Integer>same(9)).isEqualTo(9);
    proxy.nothing();
  }

  @Test
  void methodsOfSuperinterfacesReachTheServiceUnderEachOfTheirTypes() {
    Shapes proxy = generated(Shapes.class, new AllShapes());
    Wide<String> above = proxy;
    Named beside = proxy;

    assertThat(proxy.wide("a")).isEqualTo("wide a");
    assertThat(above.wide("b")).isEqualTo("wide b");
    assertThat(proxy.kind()).isEqualTo("kind");
    assertThat(above.kind()).isEqualTo("kind");
    assertThat(above.deep()).isEqualTo("default of all shapes");
    assertThat(beside.name()).isEqualTo("all shapes");
  }

  @Test
  void staticMethodsAreNotTheProxys() {
    Shapes proxy = generated(Shapes.class, new AllShapes());

    assertThat(proxy.getClass().getDeclaredMethods())
        .extracting(Method::getName)
        .contains("deep")
        .doesNotContain("ignored");
  }

  @Test
  void contractThatDeclaresWhatEveryObjectHasLeavesItToTheProxy() {
    Shapes proxy = generated(Shapes.class, new AllShapes());

    assertThat(proxy).hasToString("proxy of " + Shapes.class.getName());
    assertThat(proxy.equals(proxy)).isTrue();
    assertThat(proxy.hashCode()).isEqualTo(System.identityHashCode(proxy));
  }

  @Test
  void methodsMayBeCalledLikeTheStepsOfACall() {
    Steps proxy =
        generated(
            Steps.class,
            new Steps() {
              @Override
              public String look(LeasedProxy of) {
                return "looked";
              }

              @Override
              public long enter(LeasedProxy of, Binding<?> seen) {
                return 1;
              }

              @Override
              public void leave(Binding<?> entered, long seat) {
                throw new ArithmeticException("the plugin's own");
              }

              @Override
              public Object service(Binding<?> entered) {
                return "served";
              }
            });

    assertThat(proxy.look(null)).isEqualTo("looked");
    assertThat(proxy.enter(null, null)).isEqualTo(1);
    assertThat(proxy.service(null)).isEqualTo("served");
    assertThat(catchThrowable(() -> proxy.leave(null, 0))).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void contractsOfTheJdkHaveGeneratedProxies() {
    Supplier<?> supplier = generated(Supplier.class, (Supplier<Object>) () -> "supplied");
    assertThat(supplier.get()).isEqualTo("supplied");

    Comparator<?> comparator = generated(Comparator.class, Comparator.naturalOrder());
    assertThat(comparator.reversed()).isEqualTo(Comparator.reverseOrder());
  }

  @Test
  void contractOfALoaderThatSeesNothingOfOursHasAGeneratedProxy() throws Exception {
    Class<?> contract = Elsewhere.define(Foreign.class);
    assertThat(contract).isNotSameAs(Foreign.class);
    Object proxy = generated(contract, serviceOf(contract, "foreign"));

    assertThat(callOf(contract).invoke(proxy, 1L << 40, "more")).isEqualTo("foreign");
  }

  @Test
  void eachWorldsProxyOfAContractIsItsOwn() throws Exception {
    Class<?> contract = Elsewhere.define(Foreign.class);
    World other = new World(Duration.ZERO);
    new FakePlugin(other, "other").publish(raw(contract), serviceOf(contract, "of the other"));
    Object proxy = generated(contract, serviceOf(contract, "of the one"));

    assertThat(callOf(contract).invoke(other.handle(contract).proxy(), 1L, ""))
        .isEqualTo("of the other");
    assertThat(callOf(contract).invoke(proxy, 1L, "")).isEqualTo("of the one");
  }

  @Test
  void contractThatOnlyItsOwnPackageMayImplementIsCalledByReflection() throws Exception {
    Class<?> contract = Elsewhere.define(Hidden.class);
    CompletableFuture<Object> pending = new CompletableFuture<>();
    Binding<?> binding = plugin.publish(raw(contract), serviceOf(contract, pending));

    Object proxy = world.handle(contract).proxy();

    assertThat(Proxy.isProxyClass(proxy.getClass())).isTrue();
    assertThat(callOf(contract).invoke(proxy, 1L, "more")).isSameAs(pending);
    plugin.unload();
    assertThat(binding.isDrained()).isFalse();
    pending.complete("answered");
    assertThat(binding.isDrained()).isTrue();
  }

  @Test
  void proxyKeepsItsContractsLoaderNoLongerThanItLives() throws Exception {
    WeakReference<ClassLoader> loader = useAndForget();

    await().atMost(Crew.LIMIT).until(() -> isCollected(loader));
  }

  @Test
  void answersClassIsNotKept() throws Exception {
    AtomicReference<Object> answer =
        new AtomicReference<>(serviceOf(Elsewhere.define(Foreign.class), "of another plugin"));
    Supplier<?> proxy =
        generated(Supplier.class, (Supplier<Object>) () -> answer.getAndSet("of the JDK"));
    WeakReference<ClassLoader> loader =
        new WeakReference<>(proxy.get().getClass().getClassLoader());

    await().atMost(Crew.LIMIT).until(() -> isCollected(loader));
  }

  private static WeakReference<ClassLoader> useAndForget() throws Exception {
    Class<?> contract = Elsewhere.define(Foreign.class);
    World shortLived = new World(Duration.ZERO);
    new FakePlugin(shortLived, "p").publish(raw(contract), serviceOf(contract, "answer"));
    callOf(contract).invoke(shortLived.handle(contract).proxy(), 1L, "");
    return new WeakReference<>(contract.getClassLoader());
  }

  private static boolean isCollected(WeakReference<?> reference) {
    System.gc();
    return reference.refersTo(null);
  }

  /** The proxy, which has to be of a generated class. */
  private <S> S generated(Class<S> contract, Object service) {
    plugin.publish(raw(contract), service);
    Handle<S> handle = world.handle(contract);
    assertThat(handle.proxy()).isInstanceOf(LeasedProxy.class);
    return handle.proxy();
  }

  private static Object serviceOf(Class<?> contract, Object answer) {
    return Proxy.newProxyInstance(
        contract.getClassLoader(), new Class<?>[] {contract}, (self, method, given) -> answer);
  }

  private static Method callOf(Class<?> contract) throws NoSuchMethodException {
    Method method = contract.getMethod("answer", long.class, Object.class);
    method.setAccessible(true);
    return method;
  }

  @SuppressWarnings("unchecked") // a class that the compiler does not know
  private static Class<Object> raw(Class<?> contract) {
    return (Class<Object>) contract;
  }
}
