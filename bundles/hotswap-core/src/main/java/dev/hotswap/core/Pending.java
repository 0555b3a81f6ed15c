package dev.hotswap.core;

/**
 * Stands in a slot while a publish is under way, and is two bindings at once: the one before, until
 * the world reaches the publish's version, and from that one write on the one after. Nobody enters
 * it, so every caller who meets it asks which of the two it is.
 */
final class Pending<S> extends Binding<S> {
  private final World world;
  private final long version;
  private final Binding<S> before;
  private final Binding<S> after;

  Pending(World world, long version, Binding<S> before, Binding<S> after) {
    super(after.contract());
    this.world = world;
    this.version = version;
    this.before = before;
    this.after = after;
  }

  @Override
  Binding<S> settled() {
    return world.version() >= version ? after : before;
  }
}
