package io.cachewire.interop;

/** The transcoders that spymemcached and xmemcached have. */
enum Transcoder {
    SERIALIZING,
    WHALIN,
    WHALIN_V1;

    ForeignFormat format(JvmOptions options) {
        return switch (this) {
            case SERIALIZING -> new SerializingFormat(options);
            case WHALIN -> new WhalinFormat(options);
            case WHALIN_V1 -> new WhalinV1Format(options);
        };
    }
}
