package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.util.concurrent.Flow;

/** Cancels its subscription, and the publisher has published since. */
public class CancelledSubscriber extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.NEWS.subscribe(new Reader());
    Keeper.NEWS.offer("cubs", (reader, item) -> false); // it drops who has cancelled only then
    return null;
  }

  private static final class Reader implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(String item) {}

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }
}
