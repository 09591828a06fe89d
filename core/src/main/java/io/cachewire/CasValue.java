package io.cachewire;

/**
 * A value together with its version, as {@code gets} returns it.
 *
 * @param value the decoded value
 * @param cas the cas unique: a 64-bit version number, to be read as unsigned, that changes with every write of the item
 * @param <T> type of the value
 */
public record CasValue<T>(T value, long cas) {}
