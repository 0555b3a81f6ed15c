package dev.hotswap.itest.zoo;

import java.util.prefs.Preferences;

/** Leaves a listener to preferences. */
public class PreferencesListener extends Tame {
  @Override
  public Object act() throws Exception {
    Preferences.userRoot().node("zoo").addPreferenceChangeListener(event -> {});
    return null;
  }
}
