package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.concurrent.Flow;

/** Leaves a subscriber with a publisher of the host's. */
public class Subscriber extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.NEWS.subscribe(new Reader());
    return null;
  }

  private static final class Reader implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {}

    @Override
    public void onNext(String item) {}

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }
}
