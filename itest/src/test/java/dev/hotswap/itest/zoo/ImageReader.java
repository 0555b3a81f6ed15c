package dev.hotswap.itest.zoo;

import java.io.File;
import java.util.Locale;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageInputStreamSpi;
import javax.imageio.stream.ImageInputStream;

/** Leaves a provider with the registry of image formats. */
public class ImageReader extends Tame {
  @Override
  public Object act() throws Exception {
    IIORegistry.getDefaultInstance().registerServiceProvider(new Sketches());
    return null;
  }

  private static final class Sketches extends ImageInputStreamSpi {
    @Override
    public ImageInputStream createInputStreamInstance(Object input, boolean cache, File folder) {
      return null;
    }

    @Override
    public String getDescription(Locale locale) {
      return "sketches";
    }
  }
}
