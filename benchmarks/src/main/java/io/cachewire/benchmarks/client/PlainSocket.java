package io.cachewire.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.ServerAddress;
import io.cachewire.benchmarks.load.Batch;
import io.cachewire.benchmarks.load.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The floor for one caller: a socket, one write and as few reads as it takes. No timeouts, no errors, no second caller. */
final class PlainSocket implements BlockingStore {
    private static final int HEADER_BYTES = 512;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[64 * 1024];

    PlainSocket(ServerAddress server) {
        try {
            socket = new Socket(server.host(), server.port());
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte @Nullable [] get(String key) throws IOException {
        out.write(("mg " + key + " v f O7fffffff\r\n").getBytes(US_ASCII));
        int end = 0;
        int line;
        do {
            end += readSome(end);
            line = lineEnd(end);
        } while (line < 0);
        if (buffer[0] != 'V') {
            return null;
        }
        int length = 0;
        for (int i = 3; buffer[i] != ' '; i++) {
            length = length * 10 + buffer[i] - '0';
        }
        while (end < line + length + 2) {
            grow(line + length + 2);
            end += readSome(end);
        }
        return java.util.Arrays.copyOfRange(buffer, line, line + length);
    }

    @Override
    public boolean set(Item item) throws IOException {
        return set(item.key(), item.value());
    }

    private boolean set(String key, byte[] value) throws IOException {
        byte[] head = ("ms " + key + " " + value.length + " O7fffffff\r\n").getBytes(US_ASCII);
        grow(HEADER_BYTES + value.length);
        System.arraycopy(head, 0, buffer, 0, head.length);
        System.arraycopy(value, 0, buffer, head.length, value.length);
        buffer[head.length + value.length] = '\r';
        buffer[head.length + value.length + 1] = '\n';
        out.write(buffer, 0, head.length + value.length + 2);
        int end = 0;
        do {
            end += readSome(end);
        } while (lineEnd(end) < 0);
        return buffer[0] == 'H' && buffer[1] == 'D';
    }

    private int readSome(int at) throws IOException {
        int count = in.read(buffer, at, buffer.length - at);
        if (count < 0) {
            throw new java.io.EOFException();
        }
        return count;
    }

    private void grow(int size) {
        if (buffer.length < size) {
            buffer = java.util.Arrays.copyOf(buffer, size);
        }
    }

    private int lineEnd(int end) {
        for (int i = 0; i < end; i++) {
            if (buffer[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    @Override
    public Map<String, byte[]> getAll(List<String> keys) throws IOException {
        Map<String, byte[]> answers = new LinkedHashMap<>();
        for (String key : keys) {
            byte[] value = get(key);
            if (value != null) {
                answers.put(key, value);
            }
        }
        return answers;
    }

    @Override
    public boolean setAll(Batch batch) throws IOException {
        boolean all = true;
        for (Map.Entry<String, byte[]> entry : batch.values().entrySet()) {
            all &= set(entry.getKey(), entry.getValue());
        }
        return all;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
