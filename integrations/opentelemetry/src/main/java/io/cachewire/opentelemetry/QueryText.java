package io.cachewire.opentelemetry;

/** What a span says of the command, as {@code db.query.text}. It never has a key. */
public enum QueryText {
    /** Nothing. */
    OMIT,
    /** The command with a question mark in the place of its keys: {@code get ?}. */
    OBFUSCATED
}
