package io.cachewire.internal.protocol.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.DataBlock;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.binary.BinaryCode;
import io.cachewire.internal.protocol.binary.BinaryPacket;

/**
 * A packet of the binary protocol about a login (SASLAuthProtocol): the question for the mechanisms, the begin of a login, or its next
 * step. It is answered by {@link Reply.Sasl} or by an error.
 *
 * @param code the opcode
 * @param mechanism the name of the mechanism; empty for the question
 * @param data the client's half of the exchange
 */
public record SaslRequest(int code, String mechanism, DataBlock data) {
    /** Which mechanisms does the server have? */
    public static SaslRequest mechanisms() {
        return new SaslRequest(BinaryCode.SASL_LIST, "", DataBlock.EMPTY);
    }

    /** The begin of a login. */
    public static SaslRequest start(String mechanism, DataBlock data) {
        return new SaslRequest(BinaryCode.SASL_AUTH, mechanism, data);
    }

    /** The answer to a challenge. */
    public static SaslRequest step(String mechanism, DataBlock data) {
        return new SaslRequest(BinaryCode.SASL_STEP, mechanism, data);
    }

    /** The whole packet; the caller wipes it when it has been sent. */
    public byte[] encode(int opaque) {
        DataBlock name = DataBlock.wrap(mechanism.getBytes(US_ASCII));
        byte[] packet = new byte[BinaryPacket.HEADER_BYTES + name.length() + data.length()];
        int extras = BinaryPacket.begin(code, opaque, packet, 0);
        int end = BinaryPacket.end(extras, name, data.length(), packet, 0);
        for (int i = 0; i < data.length(); i++) {
            packet[end + i] = data.at(i);
        }
        return packet;
    }

    /** Whether a reply may answer this packet: only one about a login or an error, with the opaque of this one. */
    public boolean isAnsweredBy(Reply reply, int opaque) {
        return reply.opaque() == opaque && (reply instanceof Reply.Sasl || reply.isError());
    }
}
