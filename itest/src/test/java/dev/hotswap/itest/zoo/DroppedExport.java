package dev.hotswap.itest.zoo;

import java.rmi.Remote;
import java.rmi.server.UnicastRemoteObject;

/** Leaves an exported object, which RMI keeps weakly. */
public class DroppedExport extends Tame {
  @Override
  public Object act() throws Exception {
    UnicastRemoteObject.exportObject(new Cage(), 0);
    return null;
  }

  private static final class Cage implements Remote {}
}
