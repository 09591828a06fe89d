package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.serde.Utf8;

/** Strings of languages that do not tell text from bytes. */
final class PlainText {
    private PlainText() {}

    /** A {@code String} where the bytes are UTF-8, else the bytes. */
    static Object orBytes(DataBlock data) {
        try {
            return Utf8.decode(data);
        } catch (SerdeException notText) {
            return data;
        }
    }
}
