package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.serde.Inflation;

/** Undoes a compression of which the flags do not say whether it is zlib or gzip: the first bytes do. */
final class Unpacking {
    private Unpacking() {}

    static DataBlock zlibOrGzip(DataBlock stored, int maxBytes) {
        boolean gzip = stored.length() > 2 && stored.at(0) == 0x1f && stored.at(1) == (byte) 0x8b;
        return gzip ? Inflation.gzip(stored, maxBytes) : Inflation.zlib(stored, maxBytes);
    }
}
