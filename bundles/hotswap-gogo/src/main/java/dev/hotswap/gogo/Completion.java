package dev.hotswap.gogo;

import dev.hotswap.api.DeadlinePolicy;
import dev.hotswap.api.Generation;
import dev.hotswap.api.Receipt;
import dev.hotswap.api.Snapshot;
import dev.hotswap.api.Swapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the next word of a command line can be. */
final class Completion {
  private final Commands commands;
  private final Swapper swapper;

  Completion(Commands commands, Swapper swapper) {
    this.commands = commands;
    this.swapper = swapper;
  }

  /**
   * @param command its name, without a scope
   * @param before the words between it and the one to complete
   * @param begun what there is of that one
   * @param folder where the user is
   * @return empty where nothing is known, as of a command that is none of ours
   */
  List<Suggestion> of(String command, List<String> before, String begun, Path folder) {
    if (!commands.names().contains(command)) {
      return List.of();
    }
    Syntax syntax = commands.syntax(command);
    List<String> operands = new ArrayList<>();
    Optional<Kind> wanted = Optional.empty();
    for (String word : before) {
      if (wanted.isPresent()) {
        wanted = Optional.empty(); // the value of the option before it
      } else if (word.startsWith("--")) {
        wanted = syntax.options().getOrDefault(word, Optional.empty());
      } else {
        operands.add(word);
      }
    }
    if (wanted.isEmpty() && begun.startsWith("-")) {
      return options(syntax, before);
    }
    return wanted
        .or(() -> syntax.operand(operands.size()))
        .map(kind -> values(kind, operands, begun, folder))
        .orElseGet(() -> options(syntax, before));
  }

  private static List<Suggestion> options(Syntax syntax, List<String> before) {
    return syntax.options().entrySet().stream()
        .filter(option -> !before.contains(option.getKey()))
        .map(option -> Suggestion.of(option.getKey(), option.getValue().map(Kind::word).orElse("")))
        .toList();
  }

  private List<Suggestion> values(Kind kind, List<String> operands, String begun, Path folder) {
    return switch (kind) {
      case FILE -> files(begun, folder);
      case PLUGIN -> swapper.snapshot().plugins().stream().map(Completion::suggestion).toList();
      case GENERATION ->
          swapper.wayBack(operands.get(0)).stream().map(Completion::suggestion).toList();
      case RECLAIMED ->
          swapper.snapshot().reclaimed().watched().stream()
              .map(watched -> watched.generation().plugin())
              .distinct()
              .map(plugin -> Suggestion.of(plugin, ""))
              .toList();
      case RECEIPT -> swapper.receipts().stream().map(Completion::suggestion).toList();
      case POLICY ->
          List.of(DeadlinePolicy.values()).stream()
              .map(policy -> Suggestion.of(Words.of(policy), ""))
              .toList();
      case TIME, TEXT -> List.of();
    };
  }

  private static Suggestion suggestion(Snapshot.Plugin plugin) {
    return Suggestion.of(
        plugin.name(), plugin.current().map(Generation::label).orElse("nothing current"));
  }

  private static Suggestion suggestion(Generation generation) {
    return Suggestion.of(String.valueOf(generation.number()), generation.version());
  }

  private static Suggestion suggestion(Receipt receipt) {
    return Suggestion.of(
        String.valueOf(receipt.id()), Words.of(receipt.outcome()) + " " + receipt.plugin());
  }

  /** Folders, and files that can be a bundle. */
  private static List<Suggestion> files(String begun, Path folder) {
    int slash = begun.lastIndexOf('/');
    String parent = begun.substring(0, slash + 1);
    List<Suggestion> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder.resolve(parent))) {
      for (Path file : found) {
        String name = parent + file.getFileName();
        if (Files.isDirectory(file)) {
          files.add(new Suggestion(name + "/", "", false));
        } else if (name.endsWith(".jar")) {
          files.add(Suggestion.of(name, ""));
        }
      }
    } catch (IOException | InvalidPathException e) {
      return List.of(); // there is nothing to choose from
    }
    return files;
  }
}
