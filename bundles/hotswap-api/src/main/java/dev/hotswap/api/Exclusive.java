package dev.hotswap.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * Says that a plugin has something to itself while it runs, so that two generations of it cannot
 * run at a time: they are swapped one after the other, with callers waiting meanwhile. On any class
 * or the package of the plugin; bnd writes it into the manifest as a capability of the namespace
 * {@code dev.hotswap.exclusive}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
@Capability(namespace = "dev.hotswap.exclusive")
public @interface Exclusive {
  /** What it has to itself, as a plan names it: {@code port 8080}. */
  @Attribute
  String resource();
}
