package io.cachewire.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A plain socket to a server, one character per byte. */
final class Wire implements AutoCloseable {
    private static final String FENCE = "mg fence Ofence\r\n";
    private static final String FENCE_REPLY = "EN Ofence\r\n";
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Sends a script as one packet and reads the replies up to the fence behind it. */
    String ask(String script) throws IOException {
        send(script + FENCE);
        return untilFence();
    }

    /** As {@link #ask}, in packets of random size. */
    String askInPieces(String script, Random random) throws IOException {
        byte[] bytes = (script + FENCE).getBytes(StandardCharsets.ISO_8859_1);
        // a thread of its own writes: with long replies both sides may otherwise wait for each other
        Thread writer = new Thread(() -> sendInPieces(bytes, random));
        writer.start();
        String replies = untilFence();
        try {
            writer.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return replies;
    }

    private void sendInPieces(byte[] bytes, Random random) {
        try {
            // a script with large values would take too long byte by byte
            int most = Math.max(1 << random.nextInt(12), bytes.length / 5000);
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(most), bytes.length - at);
                socket.getOutputStream().write(bytes, at, length);
                at += length;
            }
        } catch (IOException e) {
            // the reader sees the end of the connection and reports it
        }
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String untilFence() throws IOException {
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        while (true) {
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                throw new IOException("closed after " + replies.toString(StandardCharsets.ISO_8859_1));
            }
            replies.write(buffer, 0, count);
            String tail = tail(replies);
            if (tail.equals(FENCE_REPLY)) {
                String text = replies.toString(StandardCharsets.ISO_8859_1);
                return text.substring(0, text.length() - FENCE_REPLY.length());
            }
        }
    }

    private static String tail(ByteArrayOutputStream replies) {
        byte[] all = replies.toByteArray();
        int length = Math.min(all.length, FENCE_REPLY.length());
        return new String(all, all.length - length, length, StandardCharsets.ISO_8859_1);
    }

    /** What comes until the server closes. */
    String untilClosed() throws IOException {
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        InputStream input = socket.getInputStream();
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                replies.write(buffer, 0, count);
            }
        } catch (SocketException e) {
            // a reset: the server closed with input of ours unread
        }
        return replies.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads exactly so many bytes. */
    String read(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
