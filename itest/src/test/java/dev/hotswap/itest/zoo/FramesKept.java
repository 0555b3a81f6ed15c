package dev.hotswap.itest.zoo;

/** Gives its caller the frames of its stack, with their classes. */
public class FramesKept extends Tame {
  @Override
  public Object act() throws Exception {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(frames -> frames.limit(1).toList());
  }
}
