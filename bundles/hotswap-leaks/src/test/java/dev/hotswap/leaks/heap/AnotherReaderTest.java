package dev.hotswap.leaks.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.ObjectArrayInstance;
import org.netbeans.lib.profiler.heap.ObjectFieldValue;

/** Our paths in a dump of this JVM, held against what the reader of the NetBeans profiler sees. */
class AnotherReaderTest {
  private static final Map<String, Object> KEPT = new ConcurrentHashMap<>();

  @TempDir private Path folder;

  @AfterEach
  void clearAway() {
    KEPT.clear();
  }

  private static URLClassLoader loader(String name) {
    return new URLClassLoader(name, new URL[0], null);
  }

  private Path dump() throws Exception {
    Path dump = folder.resolve("heap.hprof");
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
            "dumpHeap",
            new Object[] {dump.toString(), true},
            new String[] {String.class.getName(), boolean.class.getName()});
    return dump;
  }

  private static Heap read(Path dump) throws IOException {
    return Heap.read(dump, Marker.class.getName(), 2, new Budget(Duration.ofMinutes(5), 1L << 30));
  }

  @Test
  void eachStepOfOurPathsIsAReferenceThereAndNoneOfTheirsIsShorter() throws Exception {
    List<Marker> markers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      URLClassLoader loader = loader("sought " + i);
      KEPT.put("kept " + i, nested(loader, i));
      markers.add(new Marker(loader, 42, i, "sought " + i));
    }
    Path dump = dump();
    Reference.reachabilityFence(markers);
    List<Long> sought = Marker.in(read(dump), 42).stream().map(Marker.Found::loader).toList();
    Map<Long, HeapPath> paths = read(dump).paths(sought);
    org.netbeans.lib.profiler.heap.Heap theirs = HeapFactory.createHeap(dump.toFile());

    assertThat(paths).hasSize(5);
    paths.forEach(
        (id, path) -> {
          path.hops().forEach(hop -> assertRefers(theirs, hop));
          assertThat(path.hops().size()).isLessThanOrEqualTo(theirLength(theirs, id));
        });
  }

  private static Object nested(Object kept, int depth) {
    Object outermost = kept;
    for (int i = 0; i < depth; i++) {
      outermost = new ArrayList<>(List.of(outermost));
    }
    return outermost;
  }

  private static void assertRefers(org.netbeans.lib.profiler.heap.Heap theirs, HeapPath.Hop hop) {
    long to = hop.to().id();
    if (hop.from().isClass()) {
      JavaClass type = theirs.getJavaClassByID(hop.from().id());
      assertThat(type.getName()).isEqualTo(hop.from().className());
      assertThat(type.getValueOfStaticField(hop.field()))
          .isInstanceOfSatisfying(
              Instance.class, held -> assertThat(held.getInstanceId()).isEqualTo(to));
      return;
    }
    Instance from = theirs.getInstanceByID(hop.from().id());
    assertThat(from.getJavaClass().getName()).isEqualTo(hop.from().className());
    Stream<Instance> referred =
        from instanceof ObjectArrayInstance array
            ? ((List<?>) array.getValues()).stream().map(Instance.class::cast)
            : ((List<?>) from.getFieldValues())
                .stream()
                    .filter(ObjectFieldValue.class::isInstance)
                    .map(ObjectFieldValue.class::cast)
                    .filter(field -> field.getField().getName().equals(hop.field()))
                    .map(ObjectFieldValue::getInstance);
    assertThat(referred.filter(one -> one != null).map(Instance::getInstanceId)).contains(to);
  }

  // theirs ends at the object that a root or a static field refers to
  private static int theirLength(org.netbeans.lib.profiler.heap.Heap theirs, long id) {
    int length = 1;
    Instance at = theirs.getInstanceByID(id);
    for (Instance next = at.getNearestGCRootPointer();
        next != null && !next.equals(at);
        next = at.getNearestGCRootPointer()) {
      at = next;
      length++;
    }
    return length;
  }
}
