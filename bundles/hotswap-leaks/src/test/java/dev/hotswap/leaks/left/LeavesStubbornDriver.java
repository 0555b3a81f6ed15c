package dev.hotswap.leaks.left;

import java.sql.DriverManager;
import java.sql.SQLException;

/** A driver that does not let itself be taken back, once. */
public class LeavesStubbornDriver extends LeavesDriver {
  private int asked;

  @Override
  public void run() {
    try {
      DriverManager.registerDriver(this, this::refuse);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void refuse() {
    if (asked++ == 0) {
      throw new IllegalStateException("not now");
    }
  }
}
