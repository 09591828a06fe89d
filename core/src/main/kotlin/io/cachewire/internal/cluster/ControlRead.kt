package io.cachewire.internal.cluster

import io.cachewire.DataBlock
import io.cachewire.internal.connection.Exchange
import io.cachewire.internal.connection.Failure
import io.cachewire.internal.connection.Greeter
import io.cachewire.internal.protocol.Opcode
import io.cachewire.internal.protocol.Reply
import io.cachewire.internal.protocol.Request

/**
 * A read that every server answers, made after a connection has broken at another command. When it is answered on a connection of its own
 * the command is to blame; else it may be the network. Its key is the longest, so that what breaks connections after so many bytes meets it too.
 */
internal class ControlRead(
    deadline: Long,
    private val ended: (isAnswered: Boolean) -> Unit,
) : Exchange(Request.Keyed(Opcode.GET, DataBlock.ofUtf8(Greeter.absentKey().padEnd(KEY_BYTES, '-'))), deadline) {
    override fun onReply(reply: Reply) = ended(true)

    override fun onFailure(failure: Failure) = ended(false)

    public override fun onError(error: Throwable) = ended(false)

    private companion object {
        const val KEY_BYTES = 250
    }
}
