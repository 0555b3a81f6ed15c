package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;

/** Leaves an attachment with the host's selector. */
public class SelectorAttachment extends Tame {
  @Override
  public Object act() throws Exception {
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    pipe.source().register(Keeper.SELECTOR, SelectionKey.OP_READ, new Ticket());
    return null;
  }

  private static final class Ticket {}
}
