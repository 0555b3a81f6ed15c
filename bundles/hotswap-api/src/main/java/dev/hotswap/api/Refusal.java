package dev.hotswap.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a swap did not happen. Every refusal is four sentences' worth: {@linkplain #what() what} was
 * refused, {@linkplain #why() why}, what {@linkplain #stands() stands} now, and the {@linkplain
 * #next() next} step. Refusals are values and hold nothing of the plugin.
 */
public sealed interface Refusal {

  /** What was refused: {@code greeter 2.0.1}, or the file where it has no name yet. */
  String what();

  /** The plugin's generation that was current and still is, if there was one and it is known. */
  Optional<Generation> stands();

  /** The reason, in the words of whoever wrote or deployed the plugin. */
  String why();

  /** What to do now. */
  String next();

  /** What stands now, in words. */
  default String state() {
    return stands()
        .map(current -> current.label() + " stays current")
        .orElse("nothing has changed");
  }

  /** The whole refusal in one line. */
  default String message() {
    return "refused " + what() + ": " + why() + "; " + state() + ". " + next();
  }

  /**
   * The file could not be read, or is not a whole zip archive.
   *
   * @param next what to do about that
   */
  record UnreadableFile(String what, String reason, String next, Optional<Generation> stands)
      implements Refusal {
    /** What there is of it is not whole. */
    public static UnreadableFile damaged(String what, String reason) {
      String next = "Copy the whole file again (write it beside, then rename it), then swap again.";
      return new UnreadableFile(what, reason, next, Optional.empty());
    }

    /** It is not there, or may not be read. */
    public static UnreadableFile unreachable(String what, String reason) {
      String next = "Check the path, and that this user may read it, then swap again.";
      return new UnreadableFile(what, reason, next, Optional.empty());
    }

    @Override
    public String why() {
      return reason;
    }
  }

  /** The file is a zip archive but no bundle: no manifest, or no Bundle-SymbolicName in it. */
  record NotABundle(String what, String reason, Optional<Generation> stands) implements Refusal {
    @Override
    public String why() {
      return reason;
    }

    @Override
    public String next() {
      return "Build the jar as an OSGi bundle (bnd writes the manifest), then swap again.";
    }
  }

  /** The name belongs to a bundle that was deployed at start and is never swapped. */
  record NotSwappable(String what, String reason, Optional<Generation> stands) implements Refusal {
    @Override
    public String why() {
      return reason;
    }

    @Override
    public String next() {
      return "Deploy it by restarting the host with the new file.";
    }
  }

  /** Requirements that nothing satisfies, each by name and range. */
  record Unresolvable(String what, List<String> missing, Optional<Generation> stands)
      implements Refusal {
    public Unresolvable {
      missing = List.copyOf(missing);
    }

    /** One refusal that names all of them, and of each what it misses. */
    public static Unresolvable of(List<Unresolvable> refusals) {
      if (refusals.size() == 1) {
        return refusals.get(0);
      }
      List<String> what = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (Unresolvable each : refusals) {
        what.add(each.what());
        missing.add(each.what() + ": " + each.why());
      }
      return new Unresolvable(String.join(", ", what), missing, Optional.empty());
    }

    @Override
    public String why() {
      return missing.isEmpty() ? "it does not resolve" : String.join("; ", missing);
    }

    @Override
    public String next() {
      return "Provide what is missing, or change the plugin's requirements, then swap again.";
    }
  }

  /** The framework would wire the staged generation to one that is leaving. */
  record WiredToRetiring(String what, List<String> wires, Optional<Generation> stands)
      implements Refusal {
    public WiredToRetiring {
      wires = List.copyOf(wires);
    }

    @Override
    public String why() {
      return "it would be wired to a generation that is leaving: " + String.join("; ", wires);
    }

    @Override
    public String next() {
      return "Swap again when that generation is reclaimed.";
    }
  }

  /** The plugin carries a private copy of a contract's package. */
  record EmbeddedContract(String what, String contractPackage, Optional<Generation> stands)
      implements Refusal {
    @Override
    public String why() {
      return "it carries its own copy of the contract's package "
          + contractPackage
          + " and is not wired to the shared one, so its services would be of another type";
    }

    @Override
    public String next() {
      return "Import " + contractPackage + " instead of embedding it, then swap again.";
    }
  }

  /** The activator threw. */
  record StartFailed(String what, String thrown, Optional<Generation> stands) implements Refusal {
    @Override
    public String why() {
      return "it failed to start: " + thrown;
    }

    @Override
    public String next() {
      return "Mend the activator, then swap again.";
    }
  }

  /** The activator did not return in time. */
  record StartOverdue(String what, Duration limit, Optional<Generation> stands) implements Refusal {
    @Override
    public String why() {
      return "it was still starting after " + limit.toMillis() + " ms and was interrupted";
    }

    @Override
    public String next() {
      return "Let the activator return early, or raise start.limit, then swap again.";
    }
  }

  /** Its {@link WarmUp} threw, or was busy beyond the start limit. */
  record WarmUpFailed(String what, String reason, Optional<Generation> stands) implements Refusal {
    @Override
    public String why() {
      return "its warm-up failed: " + reason;
    }

    @Override
    public String next() {
      return "Mend the plugin's warm-up, or raise start.limit where it needs longer, then swap again.";
    }
  }

  /**
   * Callers use contracts that the manifest of what it replaces declares ({@code
   * Provide-Capability: osgi.service}) and its own does not any more, although it declares
   * services. Foreseen: nothing was installed.
   *
   * @param contracts those that callers would lose
   * @param declared those that its manifest declares
   */
  record ContractDropped(
      String what, List<String> contracts, List<String> declared, Optional<Generation> stands)
      implements Refusal {
    public ContractDropped {
      contracts = List.copyOf(contracts);
      declared = List.copyOf(declared);
    }

    @Override
    public String why() {
      return "callers use "
          + String.join(", ", contracts)
          + ", which the manifest of the current generation declares and its own does not: it"
          + " declares "
          + String.join(", ", declared);
    }

    @Override
    public String next() {
      return "Register the contract's service at start and declare it, or remove all declarations of"
          + " services (Provide-Capability: osgi.service), then swap again.";
    }
  }

  /** It started, but does not provide what the callers of the current generation use. */
  record NoContractService(
      String what,
      List<String> expected,
      List<String> provided,
      String detail,
      Optional<Generation> stands)
      implements Refusal {
    public NoContractService {
      expected = List.copyOf(expected);
      provided = List.copyOf(provided);
    }

    @Override
    public String why() {
      String names = String.join(", ", expected);
      String found =
          provided.isEmpty()
              ? "it registers no service" + (expected.size() > 1 ? " of any of " : " of ") + names
              : "it registers " + String.join(", ", provided) + ", but not " + names;
      return (expected.isEmpty()
              ? "it registers no service, and the host knows no contract"
              : found)
          + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    @Override
    public String next() {
      return "Register the contract's service at start, then swap again.";
    }
  }

  /** It registers the contract's name, but its service object is not of the contract's type. */
  record WrongClassSpace(
      String what, String contract, String provider, String reason, Optional<Generation> stands)
      implements Refusal {
    @Override
    public String why() {
      return "its service " + provider + " is no " + contract + " as the host sees it: " + reason;
    }

    @Override
    public String next() {
      return "Import the contract's package from the host, then swap again.";
    }
  }

  /**
   * After publish a call through the handle was not answered by the new generation; the old one was
   * published again.
   */
  record NotAnswering(String what, String contract, String reason, Optional<Generation> stands)
      implements Refusal {
    @Override
    public String why() {
      return "a call through the handle of " + contract + " was not answered by it: " + reason;
    }

    @Override
    public String next() {
      return "See which bundle was stopped or changed meanwhile, then swap again.";
    }
  }

  /** Two files of one swap are generations of the same plugin. */
  record ClaimedTwice(String what, List<String> files, Optional<Generation> stands)
      implements Refusal {
    public ClaimedTwice {
      files = List.copyOf(files);
    }

    @Override
    public String why() {
      return String.join(" and ", files) + " are both generations of it";
    }

    @Override
    public String next() {
      return "Keep one of the files, then swap again.";
    }
  }

  /** A staged set that was published or discarded before, or whose ground has moved. */
  record Stale(String what, String reason, Optional<Generation> stands) implements Refusal {
    @Override
    public String why() {
      return reason;
    }

    @Override
    public String next() {
      return "Stage the files again, then publish.";
    }
  }

  /**
   * The plugin has as many live generations as it may, and none of them has drained in time.
   *
   * @param most how many that is
   * @param waited how long the swap has waited for one to drain
   * @param holders who keeps them, as far as it is known, in words
   */
  record TooManyGenerations(
      String what, int most, Duration waited, List<String> holders, Optional<Generation> stands)
      implements Refusal {
    public TooManyGenerations {
      holders = List.copyOf(holders);
    }

    @Override
    public String why() {
      return "there are "
          + most
          + " live generations of it already, and none has drained within "
          + waited.toMillis()
          + " ms; held by "
          + (holders.isEmpty()
              ? "calls or leases that are only counted"
              : String.join(", ", holders));
    }

    @Override
    public String next() {
      return "End those calls, or decide the drain (interrupt or force), then swap again.";
    }
  }

  /**
   * It could not be put on the disk, and so was not done: a host that opens after a crash would not
   * know of it.
   */
  record NotRecorded(String what, String reason, Optional<Generation> stands) implements Refusal {
    @Override
    public String why() {
      return reason;
    }

    @Override
    public String next() {
      return "See that the host's data folder can be written and has space, then ask again.";
    }
  }

  /** There is nothing to roll back to, or not without more than was asked for. */
  record NoWayBack(
      String what, String reason, Optional<Generation> stands, List<Generation> wayBack)
      implements Refusal {
    public NoWayBack {
      wayBack = List.copyOf(wayBack);
    }

    /** There is nothing to go back to. */
    public NoWayBack(String what, String reason, Optional<Generation> stands) {
      this(what, reason, stands, List.of());
    }

    @Override
    public String why() {
      return reason;
    }

    @Override
    public String next() {
      return wayBack.isEmpty()
          ? "Swap the file of the version that is wanted."
          : "It can go back to "
              + wayBack.stream().map(Generation::label).collect(Collectors.joining(", "))
              + "; or swap the file of the version that is wanted.";
    }
  }

  /**
   * Callers were held for a swap that did not come about: of a plugin that cannot run twice, or
   * whose state is handed over. They were then released to what answers now.
   *
   * @param reason what failed
   * @param back what became of the generation that was to be replaced, in words
   * @param held for how long callers were held, until they were released
   * @param holders who was inside at the drain deadline, as far as it is known, in words
   * @param stands what answers now: a singleton comes back under a new number; empty where nothing
   *     does
   */
  record NotHandedOver(
      String what,
      String reason,
      String back,
      Duration held,
      List<String> holders,
      Optional<Generation> stands)
      implements Refusal {
    public NotHandedOver {
      holders = List.copyOf(holders);
    }

    @Override
    public String why() {
      String by = holders.isEmpty() ? "" : ", held by " + String.join(", ", holders);
      return reason + by + "; " + back + "; callers were held for " + held.toMillis() + " ms";
    }

    @Override
    public String state() {
      return stands.isPresent() ? Refusal.super.state() : "nothing answers now";
    }

    @Override
    public String next() {
      return stands.isPresent()
          ? "Mend what the reason says, then swap again."
          : "Swap a version that starts, at once: callers fail until then.";
    }
  }

  /**
   * The state that a generation gave holds an object whose class is code of a bundle that gets
   * swapped: the next generation would keep that code, or not know the class.
   *
   * @param type the name of the class
   * @param of the generation whose code it is, in words
   * @param path where in the state, beginning with {@code state}
   * @param back what became of the generation that gave it, in words
   */
  record ForeignState(
      String what, String type, String of, String path, String back, Optional<Generation> stands)
      implements Refusal {
    @Override
    public String why() {
      return "the state to hand over holds at "
          + path
          + " an object of "
          + type
          + ", which is code of "
          + of
          + "; "
          + back;
    }

    @Override
    public String next() {
      return "Give a state of JDK classes or of shared packages only, then swap again.";
    }
  }

  /** The plugin to unload has no generation. */
  record UnknownPlugin(String what) implements Refusal {
    @Override
    public Optional<Generation> stands() {
      return Optional.empty();
    }

    @Override
    public String why() {
      return "no such plugin is deployed";
    }

    @Override
    public String next() {
      return "See snapshot() for the names that are.";
    }
  }

  /** The host is closing. */
  record Closing(String what) implements Refusal {
    @Override
    public Optional<Generation> stands() {
      return Optional.empty();
    }

    @Override
    public String why() {
      return "the host is closed or closing";
    }

    @Override
    public String next() {
      return "Open the host again, then swap.";
    }
  }

  /**
   * The swapping side failed in a way that has no name of its own; the reason says where.
   *
   * @param state what stands now, in words
   */
  record Failed(String what, String reason, String state) implements Refusal {
    /** It failed before it changed anything. */
    public Failed(String what, String reason) {
      this(what, reason, "nothing has changed");
    }

    @Override
    public Optional<Generation> stands() {
      return Optional.empty();
    }

    @Override
    public String why() {
      return reason;
    }

    @Override
    public String next() {
      return "See the log line of this swap, then swap again.";
    }
  }
}
