package io.cachewire.observe;

/**
 * What is known of a call when it starts. Made by the client: later versions may add components.
 *
 * @param verb what is asked for
 * @param namespace of the view that is called; empty without one
 * @param keyCount how many keys, 0 for a command to a server
 */
public record CallStart(Verb verb, String namespace, int keyCount) {}
