package dev.hotswap.itest.plugins;

/** An exception whose class only the plugin has. */
public class PluginException extends Exception {
  private static final long serialVersionUID = 1L;

  public PluginException(String message) {
    super(message);
  }
}
