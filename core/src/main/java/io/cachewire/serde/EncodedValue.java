package io.cachewire.serde;

import io.cachewire.DataBlock;

/**
 * A value as it is stored.
 *
 * @param data the data block
 * @param flags the 32 bits stored with it, to be read as unsigned
 */
public record EncodedValue(DataBlock data, int flags) {}
