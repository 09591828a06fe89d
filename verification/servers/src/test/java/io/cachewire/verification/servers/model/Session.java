package io.cachewire.verification.servers.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection: cuts what comes into lines, data blocks and binary packets, and runs them in order. */
final class Session {
    private static final int LONGEST_LINE = 2048;
    private static final int LONGEST_SHORT_RETRIEVAL = 64 * 1024;
    private static final byte BINARY_MAGIC = (byte) 0x80;

    private enum Mode {
        UNKNOWN,
        LINES,
        PACKETS
    }

    private final ModelServer server;
    private final Gate gate;
    private final Commands commands;
    private final BinaryCommands packets;
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();

    private byte[] input = new byte[0];
    private Mode mode = Mode.UNKNOWN;
    private long toSwallow;
    private int blockLength = -1;
    private @Nullable Consumer<byte[]> block;
    private @Nullable String held;
    private @Nullable Set<String> watched;
    private boolean closed;
    private int longest = LONGEST_LINE;

    Session(ModelServer server) {
        this.server = server;
        this.gate = server.newGate();
        this.commands = new Commands(server, this);
        this.packets = new BinaryCommands(server, this);
    }

    Traits traits() {
        return server.traits();
    }

    Commands commands() {
        return commands;
    }

    /** Runs what has come; the replies to it. */
    byte[] receive(byte[] bytes, int length) {
        int before = input.length;
        input = Arrays.copyOf(input, before + length);
        System.arraycopy(bytes, 0, input, before, length);
        if (held != null) {
            write(held);
            held = null;
        }
        boolean more = true;
        while (more && !closed) {
            more = step();
        }
        byte[] written = replies.toByteArray();
        replies.reset();
        return written;
    }

    private boolean step() {
        if (toSwallow > 0) {
            int count = (int) Math.min(toSwallow, input.length);
            skip(count);
            toSwallow -= count;
            return count > 0;
        }
        if (block != null) {
            return fillBlock(block);
        }
        if (input.length == 0) {
            return false;
        }
        if (mode == Mode.UNKNOWN) {
            boolean binary = input[0] == BINARY_MAGIC && traits().has(Trait.BINARY);
            mode = binary ? Mode.PACKETS : Mode.LINES;
            if (input[0] == BINARY_MAGIC && gate.closesAtPackets()) {
                close();
                return false;
            }
        }
        if (mode == Mode.PACKETS) {
            int used = packets.run(input);
            skip(used);
            return used > 0;
        }
        return runLine();
    }

    private boolean runLine() {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        if (end == input.length) {
            boolean retrieval = startsWith("get ") || startsWith("gets ");
            if (end > (retrieval && longest == LONGEST_LINE ? Integer.MAX_VALUE : longest)) {
                close();
            }
            return false;
        }
        int length = end > 0 && input[end - 1] == '\r' ? end - 1 : end;
        String text = new String(input, 0, length, StandardCharsets.ISO_8859_1);
        skip(end + 1);
        if (length > LONGEST_SHORT_RETRIEVAL && !traits().has(Trait.LONG_RETRIEVAL)) {
            write("ERROR\r\n");
            return true;
        }
        Line line = Line.of(text);
        server.ran(this, text);
        if (!gate.takes(line, this)) {
            commands.run(line);
        }
        return true;
    }

    private boolean startsWith(String text) {
        byte[] prefix = text.getBytes(StandardCharsets.ISO_8859_1);
        return input.length >= prefix.length && Arrays.equals(input, 0, prefix.length, prefix, 0, prefix.length);
    }

    private boolean fillBlock(Consumer<byte[]> completion) {
        if (input.length < blockLength + 2) {
            return false;
        }
        byte[] value = Arrays.copyOf(input, blockLength);
        boolean ended = input[blockLength] == '\r' && input[blockLength + 1] == '\n';
        skip(blockLength + 2);
        block = null;
        if (ended) {
            completion.accept(value);
        } else {
            write("CLIENT_ERROR bad data chunk\r\n");
        }
        return true;
    }

    private void skip(int count) {
        if (count > 0) {
            input = Arrays.copyOfRange(input, count, input.length);
        }
    }

    void write(String text) {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void write(byte[] bytes) {
        replies.write(bytes, 0, bytes.length);
    }

    /** Takes back what this batch of commands has been answered. */
    void takeBackReplies() {
        replies.reset();
    }

    /** An answer that goes out only with the next bytes that come. */
    void hold(String text) {
        held = text;
    }

    /** Has the server send the events of these logs from the end of this batch on. */
    void watch(Set<String> logs) {
        watched = logs;
    }

    /** The logs that it watches. */
    Optional<Set<String>> watching() {
        return Optional.ofNullable(watched);
    }

    /** Bytes beside the replies, as a log to a watcher. */
    void push(String text) throws IOException {
        server.push(this, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void expectBlock(int length, Consumer<byte[]> completion) {
        blockLength = length;
        block = completion;
    }

    void swallow(long length) {
        toSwallow = length;
    }

    /** Closes when the replies are written. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Longer lines close the connection, those of retrievals included. */
    void longestLine(int bytes) {
        longest = bytes;
    }
}
