package dev.hotswap.examples.rules;

/**
 * What the rules make of one input.
 *
 * @param stamp who says so
 * @param score the score of the input
 */
public record Verdict(Stamp stamp, int score) {}
