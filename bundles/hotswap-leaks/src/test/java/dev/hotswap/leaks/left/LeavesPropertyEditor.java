package dev.hotswap.leaks.left;

import java.beans.PropertyEditorManager;
import java.beans.PropertyEditorSupport;

/** Registers a property editor for a type of the JDK's. */
public class LeavesPropertyEditor implements Runnable {
  @Override
  public void run() {
    PropertyEditorManager.registerEditor(StringBuilder.class, Editor.class);
  }

  /** Made by the JDK. */
  public static final class Editor extends PropertyEditorSupport {}
}
