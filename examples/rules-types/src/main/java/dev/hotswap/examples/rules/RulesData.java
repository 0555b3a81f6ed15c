package dev.hotswap.examples.rules;

/**
 * The data of one version of the rules.
 *
 * @param stamp who says so
 * @param text what the rules do, in words
 * @param limit the score from which on an input is too much
 */
public record RulesData(Stamp stamp, String text, int limit) {}
