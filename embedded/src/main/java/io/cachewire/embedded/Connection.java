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
 * #MOST_PENDING}; it goes on when they are written. A data block takes memory as its bytes arrive, whatever length was
 * announced. What all connections hold is counted in {@link Memory}: a data block for which there is no room is
 * refused and skipped, a line for which there is none ends the connection, and a client that does not read its replies
 * has one command run at a time.
 */
final class Connection implements Session {
    private static final int MOST_PENDING = 256 * 1024;
    private static final int LONGEST_LINE = 2048;
    private static final int LONGEST_RETRIEVAL = 16 * 1024 * 1024;
    private static final int MOST_BLANKS = 100;
    private static final int FIRST_BLOCK_BYTES = 4096;
    private static final int MOST_STEPS = 50_000;
    private static final int BYTES_FOR_A_STEP = 1024;
    private static final byte BINARY_MAGIC = (byte) 0x80;

    /** What the next bytes of the input are. */
    private enum State {
        LINE,
        BLOCK,
        SWALLOW,
        /** A command that is run in steps has more to write. */
        STEPS,
        /** Nothing is read any more; the replies are still written. */
        DRAIN,
        CLOSED
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Commands commands;
    private final Statistics statistics;
    private final Memory memory;
    private final Input input = new Input();
    private final Output output = new Output();

    private State state = State.LINE;
    private boolean inputEnded;
    private boolean protocolKnown;
    private @Nullable DataBlock block;
    private byte[] blockBytes = new byte[0];
    private int blockFilled;
    private long swallow;
    private @Nullable Steps steps;
    private long held;
    private long lastMove = System.nanoTime();

    Connection(SocketChannel channel, SelectionKey key, Commands commands, Statistics statistics, Memory memory) {
        this.channel = channel;
        this.key = key;
        this.commands = commands;
        this.statistics = statistics;
        this.memory = memory;
    }

    /** Reads, runs and writes what can be without waiting. */
    void ready(ByteBuffer staging) throws IOException {
        if (key.isReadable()) {
            staging.clear();
            int count = channel.read(staging);
            inputEnded |= count < 0;
            moved(count);
            statistics.bytesRead += Math.max(count, 0);
            input.add(staging.flip());
        }
        int left = MOST_STEPS;
        do {
            flush(staging);
            left = runCommands(left);
            // what was held back for the replies' sake may go on as soon as they are written
        } while (left > 0 && state != State.CLOSED && output.pending() > 0 && flush(staging));
        input.trim();
        settle();
        if (state != State.CLOSED && left > 0 && output.pending() == 0 && (state == State.DRAIN || inputEnded)) {
            drop();
        }
        if (state == State.CLOSED) {
            close();
            return;
        }
        boolean unfinished = left <= 0 || state == State.STEPS;
        boolean reading = state != State.DRAIN && !inputEnded && !unfinished && isRoomForReplies();
        boolean writing = unfinished || output.pending() > 0;
        key.interestOps((reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0));
    }

    /** Writes; true when all is written, so that there may be room for more commands. */
    private boolean flush(ByteBuffer staging) throws IOException {
        long count = output.writeTo(channel, staging);
        moved(count);
        statistics.bytesWritten += count;
        return output.pending() == 0;
    }

    private void moved(long count) {
        if (count > 0) {
            lastMove = System.nanoTime();
        }
    }

    /** Returns how many steps of this turn are left; at 0 the others have their turn first. */
    private int runCommands(int most) {
        int left = most;
        boolean progress = true;
        while (progress && left > 0 && isRoomForReplies()) {
            // a step that writes much counts for many
            left -= 1 + (int) (output.pending() / BYTES_FOR_A_STEP);
            progress = switch (state) {
                case LINE -> runLine();
                case BLOCK -> fillBlock();
                case SWALLOW -> swallowed();
                case STEPS -> step();
                case DRAIN, CLOSED -> false;
            };
        }
        return progress ? left : Math.max(left, 1);
    }

    private boolean isRoomForReplies() {
        long pending = output.pending();
        return pending == 0 || pending < MOST_PENDING && memory.allows(pending - held, this);
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
        } else if (!memory.allows(input.held() - held, this)) {
            output.add("SERVER_ERROR out of memory reading request\r\n");
            quit();
            input.forget();
        }
    }

    private boolean fillBlock() {
        DataBlock expected = block;
        if (expected == null) {
            return false;
        }
        int length = expected.length();
        if (!makeRoom(Math.min(length, blockFilled + input.size()))) {
            refuseBlock(expected);
            return true;
        }
        blockFilled += input.take(blockBytes, blockFilled);
        if (blockFilled < length || input.size() < TextCommands.LINE_END_BYTES) {
            return false;
        }
        boolean ended = input.peek(0) == '\r' && input.peek(1) == '\n';
        input.skip(TextCommands.LINE_END_BYTES);
        byte[] value = blockBytes;
        forgetBlock();
        state = State.LINE;
        expected.completion().received(value, ended ? DataBlock.Ending.LINE_END : DataBlock.Ending.OTHER);
        return true;
    }

    /** Grows by doubling up to the length of the block, so that in the end the array is the value. */
    private boolean makeRoom(int needed) {
        if (needed <= blockBytes.length || block == null) {
            return true;
        }
        int doubled = Math.max(FIRST_BLOCK_BYTES, (int) Math.min(Integer.MAX_VALUE, 2L * blockBytes.length));
        int capacity = Math.min(block.length(), Math.max(needed, doubled));
        // a small one is always read: others that hold much must not keep it out
        if (capacity > FIRST_BLOCK_BYTES && !memory.allows(capacity - blockBytes.length, this)) {
            return false;
        }
        blockBytes = Arrays.copyOf(blockBytes, capacity);
        settle();
        return true;
    }

    private void refuseBlock(DataBlock refused) {
        swallow((long) refused.length() - blockFilled + TextCommands.LINE_END_BYTES);
        forgetBlock();
        refused.completion().received(new byte[0], DataBlock.Ending.NO_MEMORY);
    }

    private void forgetBlock() {
        block = null;
        blockBytes = new byte[0];
        blockFilled = 0;
    }

    private boolean swallowed() {
        swallow -= input.skip(swallow);
        if (swallow > 0) {
            return false;
        }
        state = State.LINE;
        return true;
    }

    private boolean step() {
        if (steps == null || !steps.next()) {
            steps = null;
            state = State.LINE;
        }
        return true;
    }

    /** How many bytes of memory it holds, as it was counted last. */
    long held() {
        return held;
    }

    /** How long no byte has been read or written. */
    long idleNanos(long now) {
        return now - lastMove;
    }

    private void settle() {
        long now = state == State.CLOSED
                ? 0
                : input.held() + blockBytes.length + output.pending() + (steps == null ? 0 : steps.held());
        memory.change(now - held);
        held = now;
    }

    /** Closes it because others need its memory. */
    void pushOut() {
        close();
    }

    /** Closes the socket, and gives back what was held. May be called more than once. */
    void close() {
        drop();
        steps = null;
        forgetBlock();
        input.forget();
        settle();
        Server.closeQuietly(channel);
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
        blockFilled = 0;
        state = State.BLOCK;
    }

    @Override
    public void swallow(long length) {
        swallow = length;
        state = State.SWALLOW;
    }

    @Override
    public void run(Steps more) {
        steps = more;
        state = State.STEPS;
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
