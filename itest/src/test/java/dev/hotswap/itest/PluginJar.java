package dev.hotswap.itest;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes a fixture bundle: a few headers and a few classes of the test class path. */
final class PluginJar {
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Set<String> classes = new LinkedHashSet<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, Long> zeros = new LinkedHashMap<>();

  private PluginJar(String name, String version) {
    header("Bundle-ManifestVersion", "2");
    header("Bundle-SymbolicName", name);
    header("Bundle-Version", version);
    header("Import-Package", "org.osgi.framework,dev.hotswap.itest.contract;version=\"[1.2,2)\"");
  }

  /** A bundle without code that imports the fixture contracts. */
  static PluginJar named(String name, String version) {
    return new PluginJar(name, version);
  }

  /** The ordinary fixture plugin. */
  static PluginJar greeter(String version) {
    return named("greeter", version)
        .activator("GreeterActivator")
        .classes("OpenGreeter", "LateLoaded", "PluginException");
  }

  /** A greeter that warms up: {@code works}, {@code throws} or {@code hangs}. */
  static PluginJar warmGreeter(String version, String manner) {
    return named("greeter", version)
        .activator("WarmActivator")
        .classes("GreeterActivator", "WarmGreeter", "OpenGreeter", "LateLoaded", "PluginException")
        .header("Import-Package", "org.osgi.framework,dev.hotswap.api,dev.hotswap.itest.contract")
        .header("Test-Warm-Up", manner);
  }

  PluginJar header(String key, String value) {
    headers.put(key, value);
    return this;
  }

  PluginJar without(String key) {
    headers.remove(key);
    return this;
  }

  /** An activator of the fixture package. */
  PluginJar activator(String simpleName) {
    header("Bundle-Activator", "dev.hotswap.itest.plugins." + simpleName);
    return classes(simpleName);
  }

  /** Classes of the fixture package. */
  PluginJar classes(String... simpleNames) {
    for (String simpleName : simpleNames) {
      type("dev.hotswap.itest.plugins." + simpleName);
    }
    return this;
  }

  /** A class by its full name. */
  PluginJar type(String name) {
    classes.add(name);
    return this;
  }

  /** A class by its full name, with those that are nested in it. */
  PluginJar types(String name) {
    String nested = name.substring(name.lastIndexOf('.') + 1) + '$';
    for (String file : files(name)) {
      if (file.startsWith(nested) && file.endsWith(".class")) {
        type(name.substring(0, name.lastIndexOf('.') + 1) + file.replace(".class", ""));
      }
    }
    return type(name);
  }

  private static String[] files(String name) {
    URL found = PluginJar.class.getClassLoader().getResource(name.replace('.', '/') + ".class");
    return new File(URI.create(found.toString())).getParentFile().list();
  }

  /** A file with a text. */
  PluginJar text(String path, String content) {
    texts.put(path, content);
    return this;
  }

  /** A file of so many zeros, which is small in the jar. */
  PluginJar zeros(String path, long length) {
    zeros.put(path, length);
    return this;
  }

  /** A Declarative Services component of the fixture package, and what it refers to. */
  PluginJar component(String simpleName, String contract, String references) {
    header("Service-Component", "OSGI-INF/component.xml");
    header("Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.component)\"");
    String xml =
        """
        <scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' name='%1$s'>
          <implementation class='dev.hotswap.itest.plugins.%1$s'/>
          <service><provide interface='%2$s'/></service>
          %3$s
        </scr:component>
        """;
    return classes(simpleName)
        .text("OSGI-INF/component.xml", xml.formatted(simpleName, contract, references));
  }

  Path in(Path folder) {
    Path file =
        folder.resolve(
            headers.get("Bundle-SymbolicName").split(";")[0]
                + "-"
                + headers.get("Bundle-Version")
                + ".jar");
    return as(file);
  }

  Path as(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach(manifest.getMainAttributes()::putValue);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (String name : classes) {
        copy(name.replace('.', '/') + ".class", jar);
      }
      for (Map.Entry<String, String> text : texts.entrySet()) {
        jar.putNextEntry(new JarEntry(text.getKey()));
        jar.write(text.getValue().getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
      }
      for (Map.Entry<String, Long> file : zeros.entrySet()) {
        jar.putNextEntry(new JarEntry(file.getKey()));
        byte[] some = new byte[1 << 20];
        for (long left = file.getValue(); left > 0; left -= some.length) {
          jar.write(some, 0, (int) Math.min(some.length, left));
        }
        jar.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void copy(String path, JarOutputStream jar) throws IOException {
    try (InputStream in = PluginJar.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no class file " + path + " on the test class path");
      }
      jar.putNextEntry(new JarEntry(path));
      in.transferTo((OutputStream) jar);
      jar.closeEntry();
    }
  }
}
