package io.cachewire.verification.servers.model;

import java.util.Set;

/** What a model does: its version text, its form of the meta commands, and its traits. */
record Traits(String version, MetaForm meta, Set<Trait> has) {
    boolean has(Trait trait) {
        return has.contains(trait);
    }

    Traits version(String text) {
        return new Traits(text, meta, has);
    }
}
