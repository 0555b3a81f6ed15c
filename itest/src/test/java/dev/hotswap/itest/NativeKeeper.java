package dev.hotswap.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Native code that keeps an object, built where there is a C compiler. */
final class NativeKeeper {
  private static final String SOURCE =
      """
      #include <jni.h>
      JNIEXPORT void JNICALL Java_dev_hotswap_itest_zoo_JniReference_keep(
          JNIEnv *env, jclass type, jobject object) {
        (*env)->NewGlobalRef(env, object);
      }
      """;

  private NativeKeeper() {}

  /** The library; empty where it cannot be built here. */
  static Optional<Path> tryBuild(Path folder) throws IOException, InterruptedException {
    Path headers = Path.of(System.getProperty("java.home"), "include");
    if (!Files.exists(headers.resolve("jni.h")) || !Files.exists(headers.resolve("linux"))) {
      return Optional.empty();
    }
    Path source = Files.writeString(folder.resolve("keeper.c"), SOURCE);
    Path library = folder.resolve("libkeeper.so");
    ProcessBuilder compiler =
        new ProcessBuilder(
            "cc",
            "-shared",
            "-fPIC",
            "-I" + headers,
            "-I" + headers.resolve("linux"),
            "-o",
            library.toString(),
            source.toString());
    try {
      Process process = compiler.redirectErrorStream(true).start();
      process.getInputStream().transferTo(System.out);
      boolean ended = process.waitFor(30, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? Optional.of(library) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // there is no such program
    }
  }
}
