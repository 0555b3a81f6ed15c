package dev.hotswap.osgi;

import dev.hotswap.api.Leaks;
import dev.hotswap.api.SwapRefusedException;
import dev.hotswap.api.Swapper;
import dev.hotswap.core.ContentStore;
import dev.hotswap.core.Disk;
import dev.hotswap.core.FolderLock;
import dev.hotswap.core.FolderLockException;
import dev.hotswap.core.Journal;
import dev.hotswap.core.SettingsText;
import dev.hotswap.core.SwapSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Hotswap as an ordinary bundle of a framework that somebody else has launched, such as Apache
 * Karaf: an {@link Engine} from its start to its stop. When all contracts that are named to it are
 * there, and what ran before is up again, it registers itself as a {@link Swapper}, for operators,
 * the {@link Engine}, which has the handles, and {@link Leaks}. Where {@link
 * dev.hotswap.api.Leftovers} and a {@link dev.hotswap.api.HeapWalk} are registered by others, those
 * are used.
 *
 * <p>Framework properties: {@code hotswap.contracts}, class names, separated by commas; {@code
 * hotswap.data}, the folder for the journal and the store, by default one in the bundle's own data
 * area; and {@code hotswap.} before each key of {@code config/host.properties} that is about swaps.
 * They are read once, at the start of the bundle.
 */
public final class Activator implements BundleActivator {
  private static final String CONTRACTS = "hotswap.contracts";
  private static final String DATA = "hotswap.data";
  private static final int START_ATTEMPTS = 2;

  private Path data;
  private FolderLock lock;
  private Engine engine;
  private NamedContracts contracts;

  @Override
  public void start(BundleContext own) throws Exception {
    // plugins outlive this bundle's wiring, and are installed as if by the framework
    BundleContext context = own.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
    SettingsText settings = new SettingsText(key -> own.getProperty("hotswap." + key));
    data = dataFolder(own);
    lock = lock();
    try {
      engine = open(own, context, settings.settings());
      Thread restorer = new Thread(() -> serve(own), "hotswap-restore");
      restorer.setDaemon(true);
      contracts = new NamedContracts(own, engine, names(own), restorer::start);
      contracts.open();
    } catch (Exception | Error e) {
      stopAfter(e, own); // the framework does not: it has not started
      throw e;
    }
  }

  private Engine open(BundleContext own, BundleContext context, SwapSettings settings)
      throws IOException, BundleException {
    Path bytes = Files.createDirectories(data.resolve("store"));
    removeLeftovers(context, bytes);
    return Engine.open(
        context,
        store(bytes),
        settings,
        InstantSource.system(),
        new RegisteredAftercare(own).aftercare());
  }

  /** Before anything in the folder is looked at: its journal may be that of a host which runs. */
  private FolderLock lock() throws IOException, BundleException {
    try {
      return FolderLock.take(Files.createDirectories(data), List.of("store"));
    } catch (FolderLockException e) {
      throw new BundleException(e.getMessage(), BundleException.ACTIVATOR_ERROR, e);
    }
  }

  private static Path dataFolder(BundleContext own) throws IOException {
    String named = own.getProperty(DATA);
    return named == null ? own.getDataFile("hotswap").toPath() : Path.of(named).toAbsolutePath();
  }

  private static List<String> names(BundleContext own) {
    String list = own.getProperty(CONTRACTS);
    return list == null || list.isBlank() ? List.of() : List.of(list.trim().split("\\s*,\\s*"));
  }

  /**
   * What a process that did not end by itself has left in the framework's cache: the journal says
   * what is to run.
   */
  private static void removeLeftovers(BundleContext context, Path bytes) throws BundleException {
    String ours = "reference:" + bytes.toUri();
    List<Bundle> left = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getLocation().startsWith(ours)) {
        bundle.uninstall();
        left.add(bundle);
      }
    }
    if (!left.isEmpty()) {
      context.getBundle().adapt(FrameworkWiring.class).refreshBundles(left);
    }
  }

  private ContentStore store(Path bytes) throws IOException {
    return new ContentStore(
        bytes, Disk.LASTING, Journal.open(data.resolve("journal"), Disk.LASTING));
  }

  /** On a thread of its own: the start of a plugin is not for whoever resolves a contract. */
  private void serve(BundleContext own) {
    try {
      engine.restore(START_ATTEMPTS);
      register(own);
    } catch (SwapRefusedException e) {
      return; // the bundle is stopped meanwhile, and the engine closed
    }
  }

  private void register(BundleContext own) {
    try {
      own.registerService(Engine.class, engine, null);
      own.registerService(Leaks.class, engine.leaks(), null);
      own.registerService(
          Swapper.class,
          engine.swapper(),
          FrameworkUtil.asDictionary(Map.of(DATA, data.toString())));
    } catch (IllegalStateException e) {
      return; // as above
    }
  }

  private void stopAfter(Throwable reason, BundleContext own) {
    try {
      stop(own);
    } catch (IOException | RuntimeException | Error e) {
      reason.addSuppressed(e);
    }
  }

  /** Ends what was begun; a start that failed may have got to a part of it. */
  @Override
  public void stop(BundleContext own) throws IOException {
    // given back last, when nothing is written there any more
    try (FolderLock held = lock;
        Engine running = engine;
        NamedContracts named = contracts) {
      return; // these end in the reverse order, whatever one of them throws; null is none
    }
  }
}
