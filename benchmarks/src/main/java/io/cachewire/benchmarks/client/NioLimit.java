package io.cachewire.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.load.Caller;
import io.cachewire.benchmarks.load.Cell;
import io.cachewire.benchmarks.load.Items;
import io.cachewire.benchmarks.load.WrongAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * The limit for many callers in Java: one thread, one connection, as many requests in flight as there would be callers, and no client. The
 * bytes on the wire are those of our client; everything that can be written is written at once, everything that has come is read at once.
 */
final class NioLimit extends InProcess {
    private static final int HEADER = 64;
    private static final byte[] OPAQUE = " O7fffffff\r\n".getBytes(US_ASCII);

    private final SocketChannel channel;

    NioLimit(ServerAddress server) {
        try {
            channel = SocketChannel.open(new InetSocketAddress(server.host(), server.port()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean takes(Cell cell) {
        return super.takes(cell) && !cell.workload().verb().isBatch();
    }

    @Override
    public void load(Items items) {
        // the others load, and compare; the values are the same
    }

    @Override
    protected void start(List<Caller> callers) {
        Thread thread = new Thread(() -> run(callers), "limit");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(List<Caller> callers) {
        try {
            new Window(callers).run();
        } catch (Throwable e) {
            callers.get(0).failed(e);
        } finally {
            callers.forEach(Caller::finished);
        }
    }

    private final class Window {
        private final List<Caller> callers;
        private final Items items;
        private final ByteBuffer out;
        private final ByteBuffer in;
        private final byte[] bytes;
        private final byte[] header = new byte[HEADER];
        private final boolean[] writes;
        private final int[] indexes;
        private final long[] starts;
        private int oldest;
        private int unread;

        Window(List<Caller> callers) {
            this.callers = callers;
            this.items = callers.get(0).items();
            int size = items.value(0).length + HEADER;
            // a window of large values is sent in parts
            int capacity = Math.max(1 << 16, Math.min(callers.size() * size, 1 << 22)) + size;
            out = ByteBuffer.allocateDirect(capacity);
            in = ByteBuffer.allocateDirect(capacity);
            bytes = new byte[capacity];
            writes = new boolean[callers.size()];
            indexes = new int[callers.size()];
            starts = new long[callers.size()];
        }

        void run() throws IOException {
            int free = callers.size();
            int slot = 0;
            while (callers.get(0).goesOn() || free < callers.size()) {
                long now = System.nanoTime();
                while (free > 0 && callers.get(0).goesOn() && out.remaining() > items.value(0).length + HEADER) {
                    encode(slot, now);
                    slot = (slot + 1) % callers.size();
                    free--;
                }
                out.flip();
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                out.clear();
                if (free < callers.size()) {
                    free += read();
                }
            }
        }

        private void encode(int slot, long now) {
            Caller caller = callers.get(slot);
            int index = caller.next();
            boolean write = caller.nextIsWrite();
            indexes[slot] = index;
            writes[slot] = write;
            starts[slot] = now;
            header[0] = 'm';
            header[1] = (byte) (write ? 's' : 'g');
            header[2] = ' ';
            int end = putText(items.key(index), 3);
            end = write
                    ? putText(Integer.toString(items.value(index).length), putText(" ", end))
                    : putText(" v f", end);
            out.put(header, 0, end).put(OPAQUE);
            if (write) {
                out.put(items.value(index)).put((byte) '\r').put((byte) '\n');
            }
        }

        @SuppressWarnings("deprecation") // the narrowing is wanted: the text is ASCII
        private int putText(String text, int at) {
            text.getBytes(0, text.length(), header, at);
            return at + text.length();
        }

        /** Reads once, and takes every whole reply. */
        private int read() throws IOException {
            in.clear().limit(bytes.length - unread);
            int count = channel.read(in);
            if (count < 0) {
                throw new EOFException();
            }
            in.flip().get(bytes, unread, count);
            int end = unread + count;
            int from = 0;
            int replies = 0;
            while (true) {
                int next = reply(from, end);
                if (next < 0) {
                    break;
                }
                callers.get(oldest).answered(starts[oldest]);
                oldest = (oldest + 1) % callers.size();
                from = next;
                replies++;
            }
            System.arraycopy(bytes, from, bytes, 0, end - from);
            unread = end - from;
            return replies;
        }

        /** The end of the reply that begins at an index, or -1 when it is not all there. */
        private int reply(int from, int end) {
            int line = from;
            while (line < end && bytes[line] != '\n') {
                line++;
            }
            if (line >= end) {
                return -1;
            }
            line++;
            if (writes[oldest]) {
                WrongAnswerException.requireStored(bytes[from] == 'H');
                return line;
            }
            int length = 0;
            for (int i = from + 3; bytes[i] >= '0'; i++) {
                length = length * 10 + bytes[i] - '0';
            }
            if (end < line + length + 2) {
                return -1;
            }
            byte[] value = items.value(indexes[oldest]);
            if (bytes[from] != 'V' || length != value.length || bytes[line] != value[0]) {
                throw new WrongAnswerException("the answer to " + items.key(indexes[oldest]) + " is wrong");
            }
            return line + length + 2;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
