package io.cachewire;

/**
 * How keys change before they are sent: for presets that imitate a client which sends other keys than it is given. The caller never sees the
 * changed key, but in messages. Called on the caller's thread for each key; the same arguments must always give an equal key.
 *
 * <p>Decided in docs/decisions/0046-key-rewriting.md.
 */
@FunctionalInterface
public interface KeyRewriting {
    /** No change; the default. */
    KeyRewriting NONE = (key, namespace) -> key;

    /**
     * The key to send, and where it belongs: {@link Key#renamed} keeps the place of the key as it was given.
     *
     * @param key the whole key, namespace included
     * @param namespace its begin; empty without one
     * @throws IllegalKeyException when the imitated client cannot send the key
     */
    Key apply(Key key, String namespace);
}
