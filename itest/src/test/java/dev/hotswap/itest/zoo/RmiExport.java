package dev.hotswap.itest.zoo;

import java.rmi.Remote;
import java.rmi.server.UnicastRemoteObject;

/** Leaves an exported object, exported with its context class loader. */
public class RmiExport extends Tame {
  private static final Remote CAGE = new Cage();

  @Override
  public Object act() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(getClass().getClassLoader());
    try {
      UnicastRemoteObject.exportObject(CAGE, 0);
    } finally {
      thread.setContextClassLoader(before);
    }
    return null;
  }

  private static final class Cage implements Remote {}
}
