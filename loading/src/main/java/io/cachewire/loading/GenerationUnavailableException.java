package io.cachewire.loading;

/** The server that holds the generation of a view's names is dead, and no other one may stand in for it. */
public final class GenerationUnavailableException extends LoadingException {
    private static final long serialVersionUID = 1L;

    GenerationUnavailableException(String key) {
        super("the server of \"" + key + "\", the generation of the names, is dead or has just come back", null);
    }
}
