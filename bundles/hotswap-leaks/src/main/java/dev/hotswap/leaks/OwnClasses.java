package dev.hotswap.leaks;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs a class, and all of this room that it is made of, into a jar for another process: where
 * this room's own jar is inside another one, or is a bundle, there is no file to put on a class
 * path.
 */
final class OwnClasses {
  private static final String ROOM = OwnClasses.class.getPackageName().replace('.', '/');
  private static final int MAGIC = 0xCAFEBABE;

  private OwnClasses() {}

  /**
   * @throws IOException where a class cannot be read, or the jar not written
   */
  static void pack(Class<?> main, Path jar) throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>(Set.of(main.getName().replace('.', '/')));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (!classes.containsKey(name)) {
        byte[] content = read(name);
        classes.put(name, content);
        open.addAll(used(content));
      }
    }
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> each : classes.entrySet()) {
        out.putNextEntry(new ZipEntry(each.getKey() + ".class"));
        out.write(each.getValue());
      }
    }
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = OwnClasses.class.getClassLoader().getResourceAsStream(name + ".class")) {
      if (in == null) {
        throw new IOException("the class file of " + name + " is missing");
      }
      return in.readAllBytes();
    }
  }

  /** The classes of this room that stand among the constants of a class (JVMS 4.4). */
  private static Set<String> used(byte[] content) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    if (in.readInt() != MAGIC) {
      throw new IOException("a class file does not begin as one does");
    }
    in.readInt();
    int count = in.readUnsignedShort();
    String[] texts = new String[count];
    Set<Integer> classes = new HashSet<>();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case 7 -> classes.add(in.readUnsignedShort());
        case 8, 16, 19, 20 -> in.skipBytes(2);
        case 15 -> in.skipBytes(3);
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipBytes(4);
        case 5, 6 -> {
          in.skipBytes(8);
          i++;
        }
        default -> throw new IOException("a class file has a constant of the kind " + tag);
      }
    }
    Set<String> used = new HashSet<>();
    for (int index : classes) {
      String name = texts[index].replaceAll("^\\[+L?|;$", "");
      if (name.startsWith(ROOM + "/")) {
        used.add(name);
      }
    }
    return used;
  }
}
