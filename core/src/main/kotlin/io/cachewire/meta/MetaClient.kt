package io.cachewire.meta

import io.cachewire.ProtocolException
import io.cachewire.TypedValue
import io.cachewire.UnsupportedByServerException
import io.cachewire.ValueType
import io.cachewire.cas
import io.cachewire.get
import io.cachewire.internal.call.Resumptions
import io.cachewire.internal.operation.MetaCommands
import io.cachewire.item
import io.cachewire.set

/**
 * The meta commands with what the everyday functions leave out: whose turn it is to make a value anew, conditions by cas unique, items that a
 * read or an append creates. They need the meta protocol; in any other a call fails with a [ProtocolException], and nothing is sent. A
 * server that is too old for an option gives an [UnsupportedByServerException].
 */
public class MetaClient internal constructor(
    private val commands: MetaCommands,
    private val resumptions: Resumptions,
) {
    /**
     * The value of a key, and whose turn it is. A failure is thrown, whatever the client's failure mode: it would be taken for nobody's turn.
     */
    public suspend fun <T : Any> get(
        key: CharSequence,
        type: ValueType<T>,
        options: MetaGet = MetaGet.plain(),
    ): MetaValue<T> = resumptions.await { commands.get(key, type, options) }

    /** Stores a value in one of the modes, under conditions. */
    public suspend fun set(key: CharSequence, value: TypedValue<*>, options: MetaSet = MetaSet.plain()): MetaStored =
        resumptions.await { commands.set(key, value, options) }

    /** Deletes an item, or marks it stale, under conditions. */
    public suspend fun delete(key: CharSequence, options: MetaDelete = MetaDelete.plain()): MetaStatus =
        resumptions.await { commands.delete(key, options) }

    /** Counts, under conditions, and tells all of the counter. */
    public suspend fun count(key: CharSequence, options: MetaCount): MetaCounted =
        resumptions.await { commands.count(key, options) }
}
