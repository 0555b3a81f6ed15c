package dev.hotswap.itest.zoo;

import org.osgi.framework.BundleContext;

/** Registers a service that a library bundle keeps for good. */
public class TrackedService extends Tame {
  @Override
  public void start(BundleContext context) throws Exception {
    super.start(context);
    context.registerService(Runnable.class, new Howl(), null);
  }

  private static final class Howl implements Runnable {
    @Override
    public void run() {}
  }
}
