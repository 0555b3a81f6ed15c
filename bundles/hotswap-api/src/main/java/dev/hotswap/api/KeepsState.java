package dev.hotswap.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Capability;

/**
 * Says that a plugin has a {@link StateKeeper}, by which its state is handed to the next
 * generation. On any class or the package of the plugin; bnd writes it into the manifest as a
 * capability of the namespace {@code dev.hotswap.state}, where a plan finds it.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
@Capability(namespace = "dev.hotswap.state")
public @interface KeepsState {}
