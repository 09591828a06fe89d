package io.cachewire.observe;

/** What a call asks for. A closed list, so that it may be a label of a metric; later versions may add to it. */
public enum Verb {
    /** {@code get} and {@code getAll}. */
    GET,
    /** {@code gets} and {@code getsAll}, and the read of {@code update}. */
    GETS,
    /** {@code item}. */
    ITEM,
    /** {@code getAndTouch}. */
    GET_AND_TOUCH,
    /** {@code touch}. */
    TOUCH,
    /** {@code set} and {@code setAll}. */
    SET,
    /** {@code add}. */
    ADD,
    /** {@code replace}. */
    REPLACE,
    /** {@code append}. */
    APPEND,
    /** {@code prepend}. */
    PREPEND,
    /** {@code cas}, and the write of {@code update} to a key that is present. */
    CAS,
    /** {@code increment}. */
    INCREMENT,
    /** {@code decrement}. */
    DECREMENT,
    /** {@code delete} and {@code deleteAll}. */
    DELETE,
    /** {@code markStale}. */
    MARK_STALE,
    /** {@code meta().get}. */
    META_GET,
    /** {@code meta().set}. */
    META_SET,
    /** {@code meta().delete}. */
    META_DELETE,
    /** {@code meta().count}. */
    META_COUNT,
    /** A sign of life: {@code connect} and {@code ping}. */
    NOOP,
    /** {@code version}. */
    VERSION,
    /** {@code stats}. */
    STATS,
    /** {@code flushAll}. */
    FLUSH_ALL,
    /** {@code verbosity}. */
    VERBOSITY
}
