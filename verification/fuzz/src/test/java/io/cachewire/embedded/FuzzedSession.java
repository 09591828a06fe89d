package io.cachewire.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A connection of the embedded server without its socket: bytes in, answers out. */
final class FuzzedSession implements Session {
    private static final int MOST_OUTPUT = 1 << 20;

    private final Commands commands;
    private final Input input = new Input();
    private final StringBuilder output = new StringBuilder();
    private int answers;
    private @Nullable DataBlock block;
    private long swallow;
    private boolean closed;

    FuzzedSession(Commands commands) {
        this.commands = commands;
    }

    void feed(byte[] bytes, int piece) {
        for (int from = 0; from < bytes.length && !closed; from += piece) {
            input.add(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)));
            while (step()) {
                // until more input is needed
            }
        }
    }

    String output() {
        return output.toString();
    }

    int answers() {
        return answers;
    }

    private boolean step() {
        if (closed || output.length() > MOST_OUTPUT) {
            return false;
        }
        if (swallow > 0) {
            swallow -= input.skip(swallow);
            return swallow == 0;
        }
        if (block != null) {
            return takeBlock(block);
        }
        String line = input.size() == 0 ? null : input.line();
        if (line == null) {
            return false;
        }
        commands.run(new CommandLine(line), this);
        return true;
    }

    private boolean takeBlock(DataBlock expected) {
        int needed = expected.length() + TextCommands.LINE_END_BYTES;
        if (input.size() < needed) {
            return false;
        }
        byte[] bytes = new byte[needed];
        input.take(bytes, 0);
        block = null;
        boolean ended = bytes[needed - 2] == '\r' && bytes[needed - 1] == '\n';
        expected.completion()
                .received(
                        Arrays.copyOf(bytes, expected.length()),
                        ended ? DataBlock.Ending.LINE_END : DataBlock.Ending.OTHER);
        return true;
    }

    @Override
    public void write(byte[] bytes) {
        write(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void write(String text) {
        answers++;
        output.append(text);
    }

    @Override
    public void expect(DataBlock expected) {
        if (expected.length() < 0 || expected.length() > 1 << 20) {
            throw new AssertionError("a block of " + expected.length() + " bytes");
        }
        block = expected;
    }

    @Override
    public void swallow(long length) {
        if (length < 0) {
            throw new AssertionError("swallows " + length + " bytes");
        }
        swallow = length;
    }

    @Override
    public void run(Steps steps) {
        boolean more = true;
        while (more && output.length() <= MOST_OUTPUT) {
            more = steps.next();
        }
    }

    @Override
    public void quit() {
        closed = true;
    }

    @Override
    public void drop() {
        closed = true;
    }
}
