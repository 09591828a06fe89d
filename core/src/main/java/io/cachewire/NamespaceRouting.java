package io.cachewire;

/** Whether a namespace takes part in choosing a key's server. Clients differ in it. */
public enum NamespaceRouting {
    /** The key is placed as it is sent, namespace included. The default. */
    HASHED,
    /** The key is placed without the namespace, as libmemcached and pymemcache place keys with a prefix. */
    NOT_HASHED
}
