package io.cachewire;

/** Which namespaces leave room for keys. */
public final class NamespaceRules {
    private NamespaceRules() {}

    /**
     * Checks a namespace by the rules of the keys that it will be a part of.
     *
     * @throws IllegalRequestException when no key with it can be sent
     */
    public static void check(String namespace, KeyPolicy keys) {
        if (namespace.isEmpty()) {
            return;
        }
        try {
            keys.wire(keys.rewriting().apply(Key.of(namespace + "k"), namespace));
        } catch (IllegalKeyException e) {
            throw new IllegalRequestException(
                    "no key can have the namespace \"" + Escaped.text(namespace) + "\": " + e.getMessage());
        }
    }
}
