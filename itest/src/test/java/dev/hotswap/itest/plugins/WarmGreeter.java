package dev.hotswap.itest.plugins;

import dev.hotswap.api.WarmUp;
import java.util.concurrent.CountDownLatch;

/** Says with its version whether it is warm; warms up as it is told: works, throws or hangs. */
final class WarmGreeter extends OpenGreeter implements WarmUp {
  private final String manner;
  private volatile String temperature = "cold";

  WarmGreeter(String version, String manner) {
    super(version);
    this.manner = manner;
  }

  @Override
  public void warmUp() throws Exception {
    if (manner.equals("throws")) {
      throw new PluginException("no fuel");
    }
    if (manner.equals("hangs")) {
      new CountDownLatch(1).await();
    }
    temperature = "warm";
  }

  @Override
  public String version() {
    return super.version() + " " + temperature;
  }
}
