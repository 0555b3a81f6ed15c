package dev.hotswap.leaks.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapTest {
  private static final long OBJECT = 0x1000;
  private static final long LOADERS_CLASS = 0x1008;
  private static final long HOLDER = 0x1010;
  private static final long MARK = 0x1018;
  private static final long REFERENCE = 0x1020;
  private static final long WEAK = 0x1028;
  private static final long SOFT = 0x1030;
  private static final long PLUGINS_CLASS = 0x1038;
  private static final long CLASS_VALUES = 0x1040;
  private static final long SERIAL_CACHE = 0x1048;
  private static final long LOADER = 0x2000;
  private static final long LONELY_LOADER = 0x2008;
  private static final long MARKER = 0x3000;

  @TempDir private Path folder;

  private static DumpWriter writer(int idSize) {
    DumpWriter dump = new DumpWriter(idSize);
    types(dump);
    objects(dump);
    return dump;
  }

  private static void types(DumpWriter dump) {
    dump.type(OBJECT, "java.lang.Object", 0, 0, List.of());
    dump.type(LOADERS_CLASS, "java.lang.ClassLoader", OBJECT, 0, List.of("parent:L"));
    dump.type(HOLDER, "Holder", OBJECT, 0, List.of("kept:L", "other:L"));
    dump.type(REFERENCE, "java.lang.ref.Reference", OBJECT, 0, List.of("referent:L"));
    dump.type(WEAK, "java.lang.ref.WeakReference", REFERENCE, 0, List.of());
    dump.type(SOFT, "java.lang.ref.SoftReference", REFERENCE, 0, List.of());
    dump.type(MARK, "Mark", WEAK, 0, List.of("walk:J", "number:I"));
    dump.type(CLASS_VALUES, "java.lang.ClassValue$ClassValueMap", OBJECT, 0, List.of("table:L"));
    dump.type(SERIAL_CACHE, "java.io.ClassCache$CacheRef", SOFT, 0, List.of("type:L"));
    dump.type(PLUGINS_CLASS, "com.acme.Ctx", OBJECT, LOADER, List.of());
  }

  private static void objects(DumpWriter dump) {
    dump.references(LOADER, LOADERS_CLASS, 0);
    dump.references(LONELY_LOADER, LOADERS_CLASS, 0);
    dump.instance(
        MARKER,
        MARK,
        to -> {
          to.writeLong(42);
          to.writeInt(3);
          dump.reference(to, LOADER);
        });
    dump.jniGlobal(MARKER);
  }

  private Heap read(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("made-up.hprof"), content);
    return Heap.read(file, "Mark", 2, new Budget(Duration.ofMinutes(1), 1 << 28));
  }

  private static List<String> words(HeapPath path) {
    return path.hops().stream()
        .map(
            hop ->
                hop.link() + (hop.field().isEmpty() ? "" : " " + hop.owner() + "." + hop.field()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void findsTheShortestWayWithIdentifiersOfBothSizes(int idSize) throws IOException {
    DumpWriter dump = writer(idSize);
    dump.references(0x4000, HOLDER, 0x4008, 0x4010);
    dump.references(0x4008, HOLDER, 0, 0x4010);
    dump.references(0x4010, HOLDER, 0x4018, 0);
    dump.references(0x4018, PLUGINS_CLASS);
    dump.root(Root.UNKNOWN, 0x4000);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(path.reach()).isEqualTo(HeapPath.Reach.STRONGLY);
    assertThat(words(path))
        .containsExactly("FIELD Holder.other", "FIELD Holder.kept", "CLASS", "LOADER");
  }

  @Test
  void aWeakReferenceHoldsNothing() throws IOException {
    HeapPath path = read(writer(4).whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(path).isEqualTo(HeapPath.NONE);
  }

  @Test
  void aSoftReferenceIsTakenOnlyWhereNoStrongOneLeadsThere() throws IOException {
    DumpWriter dump = writer(4);
    dump.references(0x4000, SOFT, LOADER);
    dump.root(Root.UNKNOWN, 0x4000);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(path.reach()).isEqualTo(HeapPath.Reach.SOFTLY);
    assertThat(words(path)).containsExactly("FIELD java.lang.ref.Reference.referent");
  }

  @Test
  void whatAClassValueKeepsIsHeldAlthoughASoftReferenceLeadsThereToo() throws IOException {
    DumpWriter dump = writer(4);
    dump.references(0x4000, SOFT, LOADER);
    dump.root(Root.UNKNOWN, 0x4000);
    dump.references(0x4008, CLASS_VALUES, LOADER);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(path.reach()).isEqualTo(HeapPath.Reach.STRONGLY);
    assertThat(path.root().orElseThrow().kind()).isEqualTo(Root.FIELD_OF_CLASS);
  }

  @Test
  void aRootOfTheDumpIsToldRatherThanAClassValue() throws IOException {
    DumpWriter dump = writer(4);
    dump.references(0x4000, HOLDER, 0x4008, 0);
    dump.references(0x4008, HOLDER, LOADER, 0);
    dump.root(Root.UNKNOWN, 0x4000);
    dump.references(0x4010, CLASS_VALUES, LOADER);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(words(path)).containsExactly("FIELD Holder.kept", "FIELD Holder.kept");
  }

  @Test
  void whatTheJdkNotedOfAClassForSerializationDoesNotHoldIt() throws IOException {
    DumpWriter dump = writer(4);
    dump.references(0x4000, CLASS_VALUES, 0x4008);
    dump.references(0x4008, SERIAL_CACHE, PLUGINS_CLASS, 0); // the fields of the subclass first
    dump.references(0x4010, SOFT, LOADER);
    dump.root(Root.UNKNOWN, 0x4010);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(path.reach()).isEqualTo(HeapPath.Reach.SOFTLY);
  }

  @Test
  void oneSoftReferenceBehindAnotherIsFollowedToo() throws IOException {
    DumpWriter dump = writer(4);
    dump.references(0x4000, SOFT, 0x4008);
    dump.references(0x4008, HOLDER, 0x4010, 0);
    dump.references(0x4010, SOFT, 0x4018);
    dump.references(0x4018, SOFT, LOADER);
    dump.root(Root.UNKNOWN, 0x4000);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(path.reach()).isEqualTo(HeapPath.Reach.SOFTLY);
    assertThat(words(path))
        .containsExactly(
            "FIELD java.lang.ref.Reference.referent",
            "FIELD Holder.kept",
            "FIELD java.lang.ref.Reference.referent",
            "FIELD java.lang.ref.Reference.referent");
  }

  @Test
  void oneSearchAnswersForAllThatAreSought() throws IOException {
    DumpWriter dump = writer(4);
    dump.references(0x4000, HOLDER, LOADER, 0);
    dump.root(Root.UNKNOWN, 0x4000);
    var paths = read(dump.whole()).paths(List.of(LOADER, LONELY_LOADER));

    assertThat(paths.get(LOADER).reach()).isEqualTo(HeapPath.Reach.STRONGLY);
    assertThat(paths.get(LONELY_LOADER).reach()).isEqualTo(HeapPath.Reach.NOT);
  }

  @Test
  void aThreadIsPreferredToAShorterWayFromElsewhere() throws IOException {
    DumpWriter dump = writer(4);
    dump.references(0x4000, HOLDER, 0x4008, 0);
    dump.references(0x4008, HOLDER, LOADER, 0);
    dump.root(Root.UNKNOWN, 0x4008);
    dump.root(Root.THREAD_OBJECT, 0x4000, 7, 0);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(path.root().orElseThrow().kind()).isEqualTo(Root.THREAD_OBJECT);
    assertThat(path.root().orElseThrow().thread().orElseThrow().id()).isEqualTo(0x4000);
  }

  @Test
  void classesMayComeAfterObjects() throws IOException {
    DumpWriter dump = new DumpWriter(4);
    objects(dump);
    dump.references(0x4000, HOLDER, LOADER, 0);
    dump.endSegment();
    types(dump);
    dump.root(Root.UNKNOWN, 0x4000);
    HeapPath path = read(dump.whole()).paths(List.of(LOADER)).get(LOADER);

    assertThat(words(path)).containsExactly("FIELD Holder.kept");
  }

  @Test
  void findsTheMarkersOfTheirWalk() throws IOException {
    Heap heap = read(writer(4).whole());

    assertThat(Marker.in(heap, 42)).containsExactly(new Marker.Found(3, "", LOADER));
    assertThat(Marker.in(heap, 43)).isEmpty();
  }

  @Test
  void whatIsNoDumpIsSaidToBeNone() {
    assertThatThrownBy(() -> read("hello".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(DamagedDumpException.class)
        .hasMessageContaining("does not begin as a heap dump");
    assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(DamagedDumpException.class);
  }

  @Test
  void aDumpThatIsCutShortAnywhereIsSaidToBeDamaged() {
    byte[] whole = writer(4).whole();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(DamagedDumpException.class);
    }
  }

  @Test
  void aDumpWithoutItsEndIsSaidToBeDamaged() {
    assertThatThrownBy(() -> read(writer(4).withoutEnd()))
        .isInstanceOf(DamagedDumpException.class)
        .hasMessageContaining("end is missing");
  }

  @Test
  void aRecordOfAnUnknownKindIsSaidToBeDamage() {
    DumpWriter dump = writer(4);
    dump.raw(0x77);
    dump.raw(0);
    dump.raw(0);
    dump.raw(0);
    dump.raw(0);
    assertThatThrownBy(() -> read(dump.whole()))
        .isInstanceOf(DamagedDumpException.class)
        .hasMessageContaining("unknown kind 119");
  }
}
