package io.cachewire.interop;

import io.cachewire.DataBlock;

/**
 * What an item holds once its flags are understood and it is decompressed.
 *
 * @param encoding how the bytes are to be read
 * @param data the bytes
 */
record Stored(Encoding encoding, DataBlock data) {}
