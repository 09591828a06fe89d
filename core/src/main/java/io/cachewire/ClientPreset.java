package io.cachewire;

/**
 * Settings that belong together, given in one line with {@link ClientBuilder#interop}: those that make this client agree with
 * another one on places, flags, value formats and keys. What is set after a preset overrides it.
 */
@FunctionalInterface
public interface ClientPreset {
    /** Sets what the preset is about and leaves the rest alone. */
    void applyTo(ClientBuilder<?> builder);
}
