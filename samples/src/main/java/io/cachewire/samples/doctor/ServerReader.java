package io.cachewire.samples.doctor;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server: lists its keys by {@code lru_crawler metadump} and reads items by {@code mg} (protocol.txt,
 * "Metadump" and "Meta Get"). Takes no more memory than its bounds allow, whatever the server sends; a server that is silent
 * for ten seconds ends it with an {@link IOException}. For use by one thread.
 */
final class ServerReader implements AutoCloseable {
    private static final int SILENCE_MILLIS = 10_000;
    /** A key of 250 bytes takes 750 characters there. */
    private static final int LONGEST_LINE = 2048;
    /** Longer values are judged by their beginning. */
    static final int MOST_BYTES = 1 << 20;

    private static final int LONGEST_VALUE = 1 << 30;

    private final Socket socket = new Socket();
    private final InputStream in;

    ServerReader(ServerAddress server) throws IOException {
        try {
            socket.connect(new InetSocketAddress(server.host(), server.port()), SILENCE_MILLIS);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * A sample of the keys, as sent on the wire: each key has the same chance.
     *
     * @param most keys in the sample
     */
    Keys keys(int most) throws IOException {
        say("lru_crawler metadump all\r\n");
        List<byte[]> sample = new ArrayList<>();
        // the same sample for the same dump
        Random random = new Random(1);
        long seen = 0;
        for (String line = line(); !line.equals("END"); line = line()) {
            if (!line.startsWith("key=")) {
                throw new IOException("the server refuses to list its keys: " + line);
            }
            int end = line.indexOf(' ');
            byte[] key = decoded(line.substring(4, end < 0 ? line.length() : end));
            seen++;
            if (sample.size() < most) {
                sample.add(key);
            } else {
                long place = random.nextLong(seen);
                if (place < most) {
                    sample.set((int) place, key);
                }
            }
        }
        return new Keys(sample, seen);
    }

    private static byte[] decoded(String escaped) throws IOException {
        try {
            // a plus is no blank here
            return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                    .getBytes(StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new IOException("the server lists a key that is not escaped as it should be", e);
        }
    }

    /** The item of a key, or null when it is gone. */
    @Nullable
    Found read(byte[] key) throws IOException {
        say("mg " + Base64.getEncoder().encodeToString(key) + " b f v\r\n");
        String line = line();
        if (line.equals("EN")) {
            return null;
        }
        String[] words = line.split(" ");
        if (!words[0].equals("VA") || words.length < 3) {
            throw new IOException("the server answers mg with " + words[0]);
        }
        int length = number(words[1]);
        int flags = 0;
        for (int i = 2; i < words.length; i++) {
            if (words[i].startsWith("f")) {
                flags = Integer.parseUnsignedInt(words[i].substring(1));
            }
        }
        byte[] data = in.readNBytes(Math.min(length, MOST_BYTES));
        in.skipNBytes(length - data.length);
        if (!line().isEmpty()) {
            throw new IOException("the value is not followed by a line break");
        }
        return new Found(DataBlock.wrap(data), flags, length);
    }

    private static int number(String digits) throws IOException {
        try {
            int number = Integer.parseInt(digits);
            if (number >= 0 && number <= LONGEST_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the same as out of range
        }
        throw new IOException("the server announces a value of impossible length");
    }

    private void say(String command) throws IOException {
        socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.length() >= LONGEST_LINE) {
                throw new IOException(b < 0 ? "the server closed the connection" : "a line does not end");
            }
            line.append((char) b);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A sample of keys, and how many there were. */
    record Keys(List<byte[]> sample, long all) {}

    /** The beginning of a value, its flags, and its whole length. */
    record Found(DataBlock data, int flags, int length) {}
}
