package dev.hotswap.gogo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody at a terminal elsewhere wants of a host.
 *
 * @param folder where that is
 * @param user who that is
 * @param terminal its type; empty where input or output is no terminal
 * @param columns of it
 * @param lines of it
 * @param words the command and what follows it; {@code shell} for a conversation
 */
record Ask(
    String folder, String user, String terminal, int columns, int lines, List<String> words) {
  private static final int VERSION = 1;

  Ask {
    words = List.copyOf(words);
  }

  boolean isAtTerminal() {
    return !terminal.isEmpty();
  }

  Frame frame() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeUTF(folder);
      out.writeUTF(user);
      out.writeUTF(terminal);
      out.writeInt(columns);
      out.writeInt(lines);
      out.writeInt(words.size());
      for (String word : words) {
        out.writeUTF(word);
      }
    } catch (IOException e) {
      throw new UsageException("a word is longer than 65535 bytes");
    }
    return new Frame(Frame.Kind.ASK, bytes.toByteArray());
  }

  /**
   * @throws IOException when the frame is none of these, or of another version
   */
  static Ask of(Frame frame) throws IOException {
    try {
      return read(frame);
    } catch (EOFException | UTFDataFormatException e) {
      throw new IOException("this is no question to a host: it breaks off", e);
    }
  }

  private static Ask read(Frame frame) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame.bytes()));
    int version = in.readInt();
    if (frame.kind() != Frame.Kind.ASK || version != VERSION) {
      throw new IOException(
          "this host speaks version "
              + VERSION
              + " of the shell's protocol, and not "
              + version
              + "; use the hotswap script that started it");
    }
    String folder = in.readUTF();
    String user = in.readUTF();
    String terminal = in.readUTF();
    int columns = in.readInt();
    int lines = in.readInt();
    int count = in.readInt();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(in.readUTF());
    }
    return new Ask(folder, user, terminal, columns, lines, words);
  }
}
