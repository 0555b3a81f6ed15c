package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.beans.PropertyEditorManager;
import java.beans.PropertyEditorSupport;

/** Leaves a property editor, which the JDK keeps weakly. */
public class PropertyEditor extends Tame {
  @Override
  public Object act() throws Exception {
    PropertyEditorManager.registerEditor(Keeper.class, Editor.class);
    return null;
  }

  /** Made by the JDK. */
  public static final class Editor extends PropertyEditorSupport {}
}
