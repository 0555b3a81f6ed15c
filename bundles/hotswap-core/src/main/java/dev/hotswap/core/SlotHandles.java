package dev.hotswap.core;

import dev.hotswap.api.Call;
import dev.hotswap.api.Handles;
import dev.hotswap.api.Holder;
import dev.hotswap.api.Use;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * The handle on all providers of one choice, and its slot in the {@link World}. The slot holds the
 * row of bindings that is in force, whole: a row is of one publish, and a traversal that has pinned
 * all of one row needs no second look at the world's version.
 */
final class SlotHandles<S> implements Handles<S>, Slot {
  private static final Taker[] UNTRACKED = {};

  private final World world;
  private final Choice<S> choice;
  private volatile Supplier<List<Binding<S>>> current;

  SlotHandles(World world, Choice<S> choice, List<Binding<S>> row) {
    this.world = world;
    this.choice = choice;
    this.current = () -> row;
  }

  @Override
  public Class<S> contract() {
    return choice.contract();
  }

  @Override
  public int size() {
    return row().size();
  }

  /** Best first: what a traversal that begins now goes over. */
  private List<Binding<S>> row() {
    return current.get();
  }

  @Override
  public boolean isAnsweredBy(LiveGeneration generation) {
    return row().stream().anyMatch(binding -> binding.live() == generation);
  }

  @Override
  public boolean tryPrepare(Offers offers, long version) {
    List<Binding<S>> before = row();
    List<Binding<S>> after = offers.all(choice);
    boolean moves = !before.equals(after);
    if (moves) {
      current = () -> world.version() >= version ? after : before;
    }
    return moves;
  }

  @Override
  public void settle() {
    List<Binding<S>> row = row();
    current = () -> row;
  }

  @Override
  public <R, X extends Exception> List<R> withEach(Call<? super S, ? extends R, X> call) throws X {
    List<R> answers = new ArrayList<>();
    this.<X>useEach(service -> answers.add(call.call(service)));
    return Collections.unmodifiableList(answers); // an answer may be null
  }

  @Override
  public <X extends Exception> void useEach(Use<? super S, X> use) throws X {
    Thread thread = Thread.currentThread();
    int stripe = Pins.stripeOf(thread);
    List<Binding<S>> pinned = pinAll(stripe);
    Taker[] notes = UNTRACKED;
    int known = 0;
    int called = 0;
    try {
      // also those whose turn has not come: they are held too
      for (Binding<S> binding : pinned) {
        binding.tryOwn(stripe, thread);
        known++;
      }
      notes = notesFor(pinned);
      note(pinned, notes);
      while (called < pinned.size()) {
        Binding<S> binding = pinned.get(called);
        Taker note = noteOf(notes, called);
        called++; // from here on the call gives the pin back, whatever it comes to
        use(binding, note, stripe, use);
      }
    } finally {
      for (int i = called; i < pinned.size(); i++) {
        pinned.get(i).strike(noteOf(notes, i));
        if (i < known) {
          pinned.get(i).settle(stripe, thread);
        }
        pinned.get(i).backOutShared(stripe);
      }
    }
  }

  /** A place for each, or none at all: what is not tracked costs no memory. */
  private static <S> Taker[] notesFor(List<Binding<S>> pinned) {
    boolean tracked = !pinned.isEmpty() && pinned.get(0).isTracked();
    return tracked ? new Taker[pinned.size()] : UNTRACKED;
  }

  private static <S> void note(List<Binding<S>> pinned, Taker[] notes) {
    for (int i = 0; i < notes.length; i++) {
      notes[i] = pinned.get(i).note(Holder.Kind.CALL);
    }
  }

  private static Taker noteOf(Taker[] notes, int place) {
    return notes.length == 0 ? null : notes[place];
  }

  private static <S, X extends Exception> void use(
      Binding<S> binding, Taker note, int stripe, Use<? super S, X> use) throws X {
    try {
      use.use(binding.service);
    } catch (Throwable thrown) {
      binding.countThrown();
      throw thrown;
    } finally {
      binding.strike(note);
      binding.settle(stripe, Thread.currentThread());
      binding.exitShared(stripe);
    }
  }

  /** All of one row, before the first call: pinned in turn, a later one might have been swapped. */
  private List<Binding<S>> pinAll(int stripe) {
    while (true) {
      List<Binding<S>> row = row();
      int pinned = pinUpToRefusal(row, stripe);
      if (pinned == row.size()) {
        return row;
      }
      // refused: it was retired after the look, and the slot already holds the row without it
      backOut(row, pinned, stripe);
    }
  }

  private static <S> int pinUpToRefusal(List<Binding<S>> row, int stripe) {
    int pinned = 0;
    while (pinned < row.size() && row.get(pinned).tryEnterShared(stripe)) {
      pinned++;
    }
    return pinned;
  }

  private static <S> void backOut(List<Binding<S>> row, int pinned, int stripe) {
    for (int i = 0; i < pinned; i++) {
      row.get(i).backOutShared(stripe);
    }
  }

  @Override
  public String toString() {
    return "handles of " + choice;
  }
}
