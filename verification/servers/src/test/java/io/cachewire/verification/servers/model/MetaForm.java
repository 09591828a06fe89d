package io.cachewire.verification.servers.model;

/** The forms that the meta commands had. */
enum MetaForm {
    /** Not there: unknown commands. */
    NONE,
    /** 1.5.19 to 1.5.22: all flags in one token, their arguments behind it; {@code mn} is answered {@code EN}. */
    FLAG_STRING,
    /**
     * 1.6.0 to 1.6.9: the length of {@code ms} is a flag, so today's form is refused and its block is read as commands.
     */
    LENGTH_IS_FLAG,
    /** From 1.6.10. */
    CURRENT
}
