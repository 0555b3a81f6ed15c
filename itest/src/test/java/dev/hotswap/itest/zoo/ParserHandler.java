package dev.hotswap.itest.zoo;

import dev.hotswap.itest.zoo.keeper.Keeper;
import org.xml.sax.helpers.DefaultHandler;

/** Leaves an error handler with the host's XML parser. */
public class ParserHandler extends Tame {
  @Override
  public Object act() throws Exception {
    Keeper.PARSER.setErrorHandler(new Vet());
    return null;
  }

  private static final class Vet extends DefaultHandler {}
}
