package io.cachewire.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: cuts its input into command lines and data blocks, runs them one after the other, and
 * writes the replies in the same order. Used only on the server's thread.
 *
 * <p>A client that sends but does not read is not read from any more once its unwritten replies reach {@link
 * #MOST_PENDING}; it goes on when they are written.
 */
final class Connection implements Session {
    private static final int MOST_PENDING = 256 * 1024;
    private static final int LONGEST_LINE = 2048;
    private static final int LONGEST_RETRIEVAL = 16 * 1024 * 1024;
    private static final int MOST_BLANKS = 100;
    private static final byte BINARY_MAGIC = (byte) 0x80;

    /** What the next bytes of the input are. */
    private enum State {
        LINE,
        BLOCK,
        SWALLOW,
        /** Nothing is read any more; the replies are still written. */
        DRAIN,
        CLOSED
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Commands commands;
    private final Statistics statistics;
    private final Input input = new Input();
    private final Output output = new Output();

    private State state = State.LINE;
    private boolean inputEnded;
    private boolean protocolKnown;
    private @Nullable DataBlock block;
    private byte[] blockBytes = new byte[0];
    private int blockFilled;
    private long swallow;

    Connection(SocketChannel channel, SelectionKey key, Commands commands, Statistics statistics) {
        this.channel = channel;
        this.key = key;
        this.commands = commands;
        this.statistics = statistics;
    }

    /** Reads, runs and writes what can be without waiting. */
    void ready(ByteBuffer staging) throws IOException {
        if (key.isReadable()) {
            staging.clear();
            int count = channel.read(staging);
            inputEnded |= count < 0;
            statistics.bytesRead += Math.max(count, 0);
            input.add(staging.flip());
        }
        do {
            statistics.bytesWritten += output.writeTo(channel, staging);
            runCommands();
            // what was held back for the replies' sake may go on as soon as they are written
        } while (state != State.CLOSED && output.pending() > 0 && flush(staging));
        if (state != State.CLOSED && output.pending() == 0 && (state == State.DRAIN || inputEnded)) {
            drop();
        }
        if (state == State.CLOSED) {
            channel.close();
            return;
        }
        boolean reading = state != State.DRAIN && !inputEnded && output.pending() < MOST_PENDING;
        key.interestOps((reading ? SelectionKey.OP_READ : 0) | (output.pending() > 0 ? SelectionKey.OP_WRITE : 0));
    }

    /** Writes; true when all is written, so that there may be room for more commands. */
    private boolean flush(ByteBuffer staging) throws IOException {
        statistics.bytesWritten += output.writeTo(channel, staging);
        return output.pending() == 0;
    }

    private void runCommands() {
        boolean progress = true;
        while (progress && output.pending() < MOST_PENDING) {
            progress = switch (state) {
                case LINE -> runLine();
                case BLOCK -> fillBlock();
                case SWALLOW -> swallowed();
                case DRAIN, CLOSED -> false;
            };
        }
    }

    private boolean runLine() {
        if (input.size() == 0 || isBinary()) {
            return false;
        }
        String line = input.line();
        if (line == null) {
            refuseLongLine();
            return false;
        }
        commands.run(new CommandLine(line), this);
        return true;
    }

    /**
     * The first byte says which protocol it is. The binary one is not spoken here, and its frames must not be read as
     * lines.
     */
    private boolean isBinary() {
        boolean binary = !protocolKnown && input.peek() == BINARY_MAGIC;
        protocolKnown = true;
        if (binary) {
            drop();
        }
        return binary;
    }

    /** Only the keys of a retrieval make a long line; anything else without an end is not a client of this protocol. */
    private void refuseLongLine() {
        boolean retrieval = input.startsWith("get ", MOST_BLANKS) || input.startsWith("gets ", MOST_BLANKS);
        if (input.size() > (retrieval ? LONGEST_RETRIEVAL : LONGEST_LINE)) {
            drop();
        }
    }

    private boolean fillBlock() {
        blockFilled += input.take(blockBytes, blockFilled);
        DataBlock expected = block;
        if (expected == null || blockFilled < blockBytes.length) {
            return false;
        }
        byte[] value = Arrays.copyOf(blockBytes, expected.length());
        boolean ended = blockBytes[expected.length()] == '\r' && blockBytes[expected.length() + 1] == '\n';
        block = null;
        blockBytes = new byte[0];
        state = State.LINE;
        expected.completion().received(value, ended ? DataBlock.Ending.LINE_END : DataBlock.Ending.OTHER);
        return true;
    }

    private boolean swallowed() {
        swallow -= input.skip(swallow);
        if (swallow > 0) {
            return false;
        }
        state = State.LINE;
        return true;
    }

    @Override
    public void write(byte[] bytes) {
        output.add(bytes);
    }

    @Override
    public void write(String text) {
        output.add(text);
    }

    @Override
    public void expect(DataBlock expected) {
        block = expected;
        blockBytes = new byte[expected.length() + TextCommands.LINE_END_BYTES];
        blockFilled = 0;
        state = State.BLOCK;
    }

    @Override
    public void swallow(long length) {
        swallow = length;
        state = State.SWALLOW;
    }

    @Override
    public void quit() {
        state = State.DRAIN;
    }

    @Override
    public void drop() {
        output.clear();
        state = State.CLOSED;
    }
}
