package dev.hotswap.gogo;

import java.util.ArrayList;
import java.util.List;

/** Rows of words under a head, in columns as wide as their widest word. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    row(head);
  }

  Table row(String... words) {
    rows.add(List.of(words));
    return this;
  }

  /** The lines; numbers stand to the right. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String word = row.get(column);
        String fill = " ".repeat(width(column) - word.length());
        line.append(column == 0 ? "" : "  ").append(isNumeric(column) ? fill + word : word + fill);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private boolean isNumeric(int column) {
    return rows.size() > 1
        && rows.stream().skip(1).allMatch(row -> row.get(column).matches("<?[0-9,.]*"));
  }
}
